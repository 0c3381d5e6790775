<#
.SYNOPSIS
Collects a real Lync, Skype for Business and Exchange deployment, for Import-TwinDeployment.

.DESCRIPTION
Run it on a server with the management tools: in the Lync Server Management Shell for Lync, in the
Exchange Management Shell for Exchange, or in a session that has both. It only reads. Every cmdlet that
is there writes one file, Get-<Noun>.xml, into the folder; copy the folder to where the twin is and read
it with

    Import-TwinDeployment -Path <folder>

Cmdlets that are missing, or that fail, are named at the end.

.PARAMETER Path
The folder; it is made if it is not there.

.PARAMETER Noun
Only these nouns (wildcards allowed).

.EXAMPLE
.\Export-RealDeployment.ps1 -Path C:\Collected
#>
param(
    [Parameter(Mandatory = $true, Position = 0)]
    [string]$Path,

    [string[]]$Noun = '*'
)

$nouns = @(
    # Topology and the Central Management store
    'CsSite', 'CsPool', 'CsComputer', 'CsService', 'CsSipDomain', 'CsSimpleUrlConfiguration'
    'CsHostingProvider', 'CsPublicProvider', 'CsAllowedDomain', 'CsBlockedDomain'
    'CsAccessEdgeConfiguration', 'CsMediaConfiguration', 'CsTrustedApplicationPool', 'CsTrustedApplication'
    'CsHealthMonitoringConfiguration', 'CsVoicemailReroutingConfiguration'
    # Policies and voice
    'CsHostedVoicemailPolicy', 'CsExternalAccessPolicy', 'CsVoicePolicy', 'CsVoiceRoutingPolicy', 'CsVoiceRoute'
    'CsPstnUsage', 'CsDialPlan', 'CsVoiceNormalizationRule', 'CsTrunkConfiguration', 'CsClientPolicy'
    'CsConferencingPolicy', 'CsMobilityPolicy', 'CsLocationPolicy', 'CsArchivingPolicy', 'CsPinPolicy'
    'CsUserServicesPolicy', 'CsPersistentChatPolicy', 'CsPresencePolicy', 'CsClientVersionPolicy'
    # Users and contacts
    'CsUser', 'CsExUmContact', 'CsCommonAreaPhone', 'CsAnalogDevice', 'CsDialInConferencingAccessNumber'
    # Exchange
    'ExchangeServer', 'AcceptedDomain', 'OrganizationConfig', 'UMDialPlan', 'UMMailboxPolicy', 'UMIPGateway'
    'UMHuntGroup', 'UMAutoAttendant', 'UMService', 'UMServer', 'UMCallRouterSettings', 'UMMailbox', 'Mailbox'
    'MailboxDatabase', 'OwaMailboxPolicy'
)

if (-not (Test-Path -Path $Path)) {
    $null = New-Item -ItemType Directory -Path $Path
}

$missing = @()
foreach ($one in $nouns) {
    if (-not ($Noun | Where-Object { $one -like $_ })) {
        continue
    }
    $command = "Get-$one"
    if (-not (Get-Command -Name $command -ErrorAction SilentlyContinue)) {
        $missing += "$command (not here)"
        continue
    }
    $arguments = @{}
    if (@('CsUser', 'Mailbox', 'UMMailbox', 'CsExUmContact') -contains $one) {
        $arguments.ResultSize = 'Unlimited'
        if ($one -eq 'CsExUmContact' -and -not (Get-Command $command).Parameters.ContainsKey('ResultSize')) {
            $arguments.Clear()
        }
    }
    try {
        $file = Join-Path -Path $Path -ChildPath "$command.xml"
        & $command @arguments -ErrorAction Stop | Export-Clixml -Path $file -Depth 4
        Write-Verbose -Message "$command is in $file"
    }
    catch {
        $missing += "$command ($($_.Exception.Message))"
    }
}

if ($missing) {
    Write-Warning -Message ("Not collected: " + ($missing -join '; '))
}
