//! The worked checks of the domain (U1 to U34), each by the cmdlets that an administrator would use.

mod support;

use support::World;

/// What every check has at hand: the id of the error that a block ends in, and the answer of a routed call.
const TOOLS: &str = r#"
$WarningPreference = 'SilentlyContinue'
function Refusal([scriptblock]$block) {
    try { $null = & { $ErrorActionPreference = 'Stop'; & $block }; 'done' }
    catch { ($_.FullyQualifiedErrorId -split ',')[0] }
}
function Call([string]$who = 'sip:kmyer@contoso.com') {
    $d = Test-TwinCallRouting $who
    if ($d.Reason) { "$($d.Reason) $($d.SipResponse) $($d.Diagnostic)".Trim() } else { "reached $($d.Server)" }
}
function Rewrite([hashtable]$changes) {
    $file = Join-Path ([IO.Path]::GetTempPath()) "twin-$pid.ron"
    Export-TwinDeployment $file
    $text = Get-Content $file -Raw
    foreach ($key in $changes.Keys) { $text = $text -replace $key, $changes[$key] }
    Set-Content $file $text
    Import-TwinDeployment $file -Confirm:$false
    Remove-Item $file
}
"#;

/// Name of the check, script, what it prints.
const CHECKS: &[(&str, &str, &str)] = &[
    (
        "U1 hosted voice mail needs a Destination",
        "Refusal { Set-CsUser 'Ken Myer' -HostedVoiceMail $true }
         $null -eq (Get-CsUser 'Ken Myer').HostedVoiceMail",
        "HostedVoicemailPolicyHasNoDestination\nTrue\n",
    ),
    (
        "U2 with a Destination the attribute is written",
        "Set-CsHostedVoicemailPolicy -Destination exap.um.outlook.com -Organization contoso.onmicrosoft.com
         Set-CsUser 'Ken Myer' -HostedVoiceMail $true
         (Get-ADUser kmyer -Properties msExchUCVoiceMailSettings).msExchUCVoiceMailSettings",
        "CsHostedVoiceMail=1\n",
    ),
    (
        "U3 the Destination goes away later",
        "Set-CsHostedVoicemailPolicy -Destination exap.um.outlook.com -Organization contoso.onmicrosoft.com
         Set-CsUser 'Ken Myer' -HostedVoiceMail $true
         Set-CsHostedVoicemailPolicy -Destination $null
         Set-TwinClock -Advance 00:02:00
         Call",
        "HostedPolicyNoDestination 480\n",
    ),
    (
        "U4 a proxy belongs to one provider",
        "$null = New-CsHostingProvider A -ProxyFqdn a.fabrikam.com -Enabled $true
         Refusal { New-CsHostingProvider B -ProxyFqdn a.fabrikam.com -Enabled $true }",
        "ValueNotUnique\n",
    ),
    (
        "U5 hosting and public providers share their names",
        "$null = New-CsHostingProvider A -ProxyFqdn a.fabrikam.com -Enabled $true
         Refusal { New-CsPublicProvider A -ProxyFqdn b.fabrikam.com -Enabled $true }",
        "ValueNotUnique\n",
    ),
    (
        "U6 no default route beside a provider",
        "$null = New-CsHostingProvider A -ProxyFqdn a.fabrikam.com -Enabled $true
         Refusal { Set-CsAccessEdgeConfiguration -UseDefaultRouting -DefaultRouteFqdn edge.fabrikam.com }",
        "Excluded\n",
    ),
    (
        "U7 the two routing methods do not mix",
        "Refusal { Set-CsAccessEdgeConfiguration -UseDefaultRouting -DefaultRouteFqdn x.fabrikam.com -EnablePartnerDiscovery $true }",
        "AmbiguousParameterSet\n",
    ),
    (
        "U8 a proxy never changes",
        "$null = New-CsHostingProvider X -ProxyFqdn a.fabrikam.com -Enabled $true
         Refusal { Set-CsHostingProvider 'X' -ProxyFqdn y.fabrikam.com }",
        "NamedParameterNotFound\n",
    ),
    (
        "U9 enabling twice is an error",
        "$null = New-CsHostingProvider X -ProxyFqdn a.fabrikam.com -Enabled $true
         Refusal { Enable-CsHostingProvider X }
         Refusal { Disable-CsHostingProvider X }
         Refusal { Disable-CsHostingProvider X }",
        "AlreadyInState\ndone\nAlreadyInState\n",
    ),
    (
        "U10 the global policy is always there",
        "Refusal { New-CsExternalAccessPolicy -Identity global }",
        "IdentityAlreadyExists\n",
    ),
    (
        "U11 removing the global policy resets it",
        "Set-CsExternalAccessPolicy -EnableOutsideAccess $true -EnableFederationAccess $true
         Remove-CsExternalAccessPolicy -Identity global
         $p = Get-CsExternalAccessPolicy global
         \"$($p.Identity) $($p.EnableOutsideAccess) $($p.EnableFederationAccess)\"",
        "Global False False\n",
    ),
    (
        "U12 an object in memory is stored by Set -Instance",
        "$x = New-CsHostingProvider X -ProxyFqdn a.fabrikam.com -Enabled $true -InMemory
         $x.Enabled = $false
         Refusal { Get-CsHostingProvider X }
         Set-CsHostingProvider -Instance $x
         (Get-CsHostingProvider X).Enabled
         $y = New-CsHostingProvider Y -ProxyFqdn a.fabrikam.com -Enabled $true -InMemory
         Refusal { Set-CsHostingProvider -Instance $y }",
        "IdentityNotFound\nFalse\nValueNotUnique\n",
    ),
    (
        "U13 only policies for users are granted",
        "$null = New-CsHostedVoicemailPolicy site:Tukwila
         Refusal { Grant-CsHostedVoicemailPolicy 'Ken Myer' -PolicyName site:Tukwila }
         Refusal { Grant-CsHostedVoicemailPolicy 'Ken Myer' -PolicyName global }",
        "NotUserPolicy\nNotUserPolicy\n",
    ),
    (
        "U14 without an own policy site and global count",
        "$null = New-CsHostedVoicemailPolicy EXO
         Grant-CsHostedVoicemailPolicy 'Ken Myer' -PolicyName EXO
         (Get-CsEffectivePolicy 'Ken Myer').HostedVoicemailPolicy
         Grant-CsHostedVoicemailPolicy 'Ken Myer' -PolicyName $null
         (Get-CsEffectivePolicy 'Ken Myer').HostedVoicemailPolicy
         $null = New-CsHostedVoicemailPolicy site:Tukwila
         (Get-CsEffectivePolicy 'Ken Myer').HostedVoicemailPolicy",
        "EXO\nGlobal\nSite:Tukwila\n",
    ),
    (
        "U15 another author's value is worth a warning",
        "Set-ADUser kmyer -Replace @{msExchUCVoiceMailSettings = 'ExchangeHostedVoiceMail=1'}
         Set-CsHostedVoicemailPolicy -Destination exap.um.outlook.com
         Set-CsUser 'Ken Myer' -HostedVoiceMail $true -WarningVariable w
         $w.Count
         (Get-ADUser kmyer -Properties msExchUCVoiceMailSettings).msExchUCVoiceMailSettings",
        "1\nExchangeHostedVoiceMail=1\nCsHostedVoiceMail=1\n",
    ),
    (
        "U16 the attribute decides over EUM addresses",
        "Set-CsHostedVoicemailPolicy -Destination exap.um.outlook.com -Organization contoso.onmicrosoft.com
         Set-CsUser 'Ken Myer' -HostedVoiceMail $true
         (Test-TwinCallRouting sip:kmyer@contoso.com).Hosted
         @((Get-ADUser kmyer -Properties proxyAddresses).proxyAddresses -like 'EUM:*').Count -gt 0",
        "True\nTrue\n",
    ),
    (
        "U17 numbers do not begin with zero",
        "Refusal { New-CsExUmContact -SipAddress sip:x@contoso.com -RegistrarPool pool01.contoso.com -OU 'OU=ExUM,DC=contoso,DC=com' -DisplayNumber 0425 }",
        "InvalidPropertyValue\n",
    ),
    (
        "U18 a number belongs to one contact",
        "$where = @{ RegistrarPool = 'pool01.contoso.com'; OU = 'OU=ExUM,DC=contoso,DC=com'; DisplayNumber = '+14255559999' }
         $null = New-CsExUmContact -SipAddress sip:x@contoso.com @where
         Refusal { New-CsExUmContact -SipAddress sip:y@contoso.com @where }",
        "ValueNotUnique\n",
    ),
    (
        "U19 a dial plan's name leaves room for its policy",
        "Refusal { New-UMDialPlan ('a' * 50) -NumberOfDigitsInExtension 5 -CountryOrRegionCode 1 }
         (New-UMDialPlan ('a' * 49) -NumberOfDigitsInExtension 5 -CountryOrRegionCode 1).Name.Length
         (New-UMDialPlan ('b' * 50) -NumberOfDigitsInExtension 5 -CountryOrRegionCode 1 -GenerateUMMailboxPolicy $false).Name.Length",
        "InvalidPropertyValue\n49\n50\n",
    ),
    (
        "U20 servers join SIP dial plans only",
        "$null = New-UMDialPlan Telex -URIType TelExtn -NumberOfDigitsInExtension 5 -CountryOrRegionCode 1
         Refusal { Set-UMService um1 -DialPlans Telex }",
        "ReferenceNotFound\n",
    ),
    (
        "U21 and U22 the port opens after a restart",
        "foreach ($s in 'um1', 'um2', 'um3', 'um4') { Set-UMCallRouterSettings -Server $s -UMStartupMode TCP }
         Call
         foreach ($s in 'um1', 'um2', 'um3', 'um4') { Restart-Service -InputObject (Get-Service MSExchangeUMCR -ComputerName $s) }
         Call
         foreach ($s in 'um1', 'um2', 'um3', 'um4') { Set-UMCallRouterSettings -Server $s -UMStartupMode Dual }
         Call
         Invoke-Command -ComputerName um1.contoso.com { Restart-Service MSExchangeUMCR }
         Call",
        "reached um1.contoso.com\nUmPortClosed 504 1007\nUmPortClosed 504 1007\nreached um1.contoso.com\n",
    ),
    (
        "U23 a self-signed certificate is not trusted",
        "foreach ($s in 'um1', 'um2', 'um3', 'um4') {
             $c = New-ExchangeCertificate -Server $s -SubjectName \"CN=$s.contoso.com\" -Services UM, UMCallRouter -Force
             Enable-ExchangeCertificate -Server $s -Thumbprint $c.Thumbprint -Services UM, UMCallRouter
             Get-Service MSExchangeUM* -ComputerName $s | Restart-Service
         }
         Call",
        "UmCertificate 504 1010\n",
    ),
    (
        "U24 and U25 names in certificates",
        "function Renew($subject, $names) {
             foreach ($s in 'um1', 'um2', 'um3', 'um4') {
                 $r = New-ExchangeCertificate -GenerateRequest -Server $s -SubjectName $subject -DomainName $names
                 $c = Import-ExchangeCertificate -Server $s -FileData ([Text.Encoding]::ASCII.GetBytes($r))
                 Enable-ExchangeCertificate -Server $s -Thumbprint $c.Thumbprint -Services UM, UMCallRouter
                 Get-Service MSExchangeUM* -ComputerName $s | Restart-Service
             }
         }
         Renew 'CN=*.contoso.com' '*.contoso.com'
         Call
         Renew 'CN=um1' '*.contoso.com'
         Call
         Renew 'CN=um1' '*.eu.contoso.com'
         Call",
        "UmCertificate 504 1010\nreached um1.contoso.com\nUmCertificate 504 1010\n",
    ),
    (
        "U26 encryption has to fit",
        "Set-UMDialPlan TukwilaSip -VoIPSecurity SIPSecured
         Call
         Set-CsMediaConfiguration -EncryptionLevel SupportEncryption
         Set-TwinClock -Advance 00:02:00
         Call",
        "SecurityMismatch 488\nreached um1.contoso.com\n",
    ),
    (
        "U27 the generated policy keeps its dial plan",
        "$null = New-UMDialPlan Fresh -URIType SipName -NumberOfDigitsInExtension 5 -CountryOrRegionCode 1
         Refusal { Remove-UMDialPlan Fresh -Confirm:$false }
         Remove-UMMailboxPolicy 'Fresh Default Policy' -Confirm:$false
         Refusal { Remove-UMDialPlan Fresh -Confirm:$false }",
        "ObjectInUse\ndone\n",
    ),
    (
        "U28 the Edge sees a change a minute later",
        "Set-CsAccessEdgeConfiguration -AllowFederatedUsers $true
         $seen = { (Get-CsAccessEdgeConfiguration -LocalStore).AllowFederatedUsers }
         Invoke-Command -ComputerName edge01.contoso.com $seen
         Set-TwinClock -Advance 00:01:00
         Invoke-Command -ComputerName edge01.contoso.com $seen",
        "False\nTrue\n",
    ),
    (
        "U29 sending everything anew takes its time",
        "Set-TwinClock -Advance 00:05:00
         Invoke-CsManagementStoreReplication
         (Get-CsManagementStoreReplicationStatus -ReplicaFqdn edge01.contoso.com).UpToDate
         Set-TwinClock -Advance 00:05:00
         (Get-CsManagementStoreReplicationStatus -ReplicaFqdn edge01.contoso.com).UpToDate",
        "False\nTrue\n",
    ),
    (
        "U30 signing in from Outlook Web App",
        "Set-CsAccessEdgeConfiguration -AllowFederatedUsers $true
         $null = New-CsHostingProvider 'Exchange Online' -ProxyFqdn exap.um.outlook.com -Enabled $true -EnabledSharedAddressSpace $true -HostsOCSUsers $false -VerificationLevel UseSourceVerification
         Set-TwinClock -Advance 00:02:00
         $d = Test-TwinSignIn sip:kmyer@contoso.com
         \"$($d.SipResponse) $($d.Diagnostic)\"
         Set-CsExternalAccessPolicy -EnableOutsideAccess $true
         Set-TwinClock -Advance 00:02:00
         (Test-TwinSignIn sip:kmyer@contoso.com).Result",
        "403 4003\nSuccess\n",
    ),
    (
        "U31 repointed names need certificates that cover them",
        "foreach ($s in 'um1', 'um2', 'um3', 'um4') {
             $r = New-ExchangeCertificate -GenerateRequest -Server $s -SubjectName \"CN=$s.contoso.com\" -DomainName \"$s.contoso.com\"
             $c = Import-ExchangeCertificate -Server $s -FileData ([Text.Encoding]::ASCII.GetBytes($r))
             Enable-ExchangeCertificate -Server $s -Thumbprint $c.Thumbprint -Services UM, UMCallRouter
             Get-Service MSExchangeUM* -ComputerName $s | Restart-Service
         }
         foreach ($s in 'um3', 'um4') { Set-UMCallRouterSettings -Server $s -DialPlans DublinSip }
         Call
         foreach ($pair in @('um1', '10.1.0.31', '10.2.0.33'), @('um2', '10.1.0.32', '10.2.0.34')) {
             Remove-DnsServerResourceRecord -ZoneName contoso.com -Name $pair[0] -RRType A -Force
             Add-DnsServerResourceRecordA -ZoneName contoso.com -Name $pair[0] -IPv4Address $pair[2]
         }
         Set-TwinClock -Advance 02:00:00
         Call",
        "reached um1.contoso.com\nUmCertificate 504 1010\n",
    ),
    (
        "U32 UM services of 2013 are not disabled this way",
        "Refusal { Disable-UMService um1 }
         Refusal { Enable-UMService um1 }
         (Get-UMService um1).Status",
        "ServerVersionNotSupported\nServerVersionNotSupported\nEnabled\n",
    ),
    (
        "U33 old servers do not stand in for dead new ones",
        r#"Rewrite @{ '(?s)("Identity": "um[234]",)(.*?)"Exchange2013"' = '$1 "IsUnifiedMessagingServer": true, $2 "Exchange2010SP1"' }
         Call
         Get-Service MSExchangeUM* -ComputerName um1 | Stop-Service
         Call
         Set-ServerComponentState um1 -Component UMCallRouter -Requester Maintenance -State Inactive
         (Call) -like '*um2*'"#,
        "reached um1.contoso.com\nUmServiceDown 504 1007\nTrue\n",
    ),
    (
        "U34 forests trust each other both ways",
        r#"Rewrite @{
             'TukwilaSip\.contoso\.com' = 'TukwilaSip.exchange.net'
             '"ADForest": \[' = '"ADForest": [ { "Identity": "exchange.net", "UmPermissionGrantedTo": ["contoso.com"] },'
             '"CsSipDomain": \[' = '"ADTrust": [ { "Identity": "contoso.com/exchange.net", "Source": "contoso.com", "Target": "exchange.net", "Direction": "Outbound" } ], "CsSipDomain": ['
         }
         Call
         Rewrite @{ '"Direction": "Outbound"' = '"Direction": "BiDirectional"' }
         Call"#,
        "UmPermissionMissing 480\nreached um1.contoso.com\n",
    ),
];

/// What else a deployment does, in the same form.
const BEHAVIOURS: &[(&str, &str, &str)] = &[
    (
        "a pool is failed over to its pair and back",
        "Refusal { Invoke-CsPoolFailOver -PoolFqdn pool01.contoso.com }
         Invoke-CsManagementServerFailover -Confirm:$false
         (Get-CsManagementStoreReplicationStatus -CentralManagementStoreStatus).ActiveMasterFqdn
         Invoke-CsPoolFailOver -PoolFqdn pool01.contoso.com
         (Get-CsUserPoolInfo 'Ken Myer').UserServicesPoolFqdn
         Refusal { Invoke-CsPoolFailOver -PoolFqdn pool01.contoso.com }
         Invoke-CsPoolFailBack -PoolFqdn pool01.contoso.com
         (Get-CsUserPoolInfo 'Ken Myer').UserServicesPoolFqdn
         Refusal { Invoke-CsPoolFailBack -PoolFqdn pool01.contoso.com }",
        "PoolHostsManagementStore\nfe03.contoso.com\npool02.contoso.com\nPoolAlreadyFailedOver\n\
         pool01.contoso.com\nPoolNotFailedOver\n",
    ),
    (
        "a dead pool takes no calls until it is failed over",
        "foreach ($c in 'fe01', 'fe02') { Stop-CsWindowsService -ComputerName \"$c.contoso.com\" }
         Call
         Invoke-CsManagementServerFailover -BackupSqlServerFqdn sql02.contoso.com -BackupSqlInstanceName rtc -Force -Confirm:$false
         Refusal { Invoke-CsPoolFailOver -PoolFqdn pool01.contoso.com }
         Invoke-CsPoolFailOver -PoolFqdn pool01.contoso.com -DisasterMode
         Call",
        "PoolUnreachable 504 1007\nPoolNotAvailable\nreached um1.contoso.com\n",
    ),
    (
        "the last Front End Server of a pool stays",
        "Refusal { Invoke-CsComputerFailOver -ComputerName fe03.contoso.com }
         Invoke-CsComputerFailOver -ComputerName fe01.contoso.com
         (Get-CsPoolUpgradeReadinessState | Where-Object PoolFqdn -eq pool01.contoso.com).State
         Invoke-CsComputerFailBack -ComputerName fe01.contoso.com
         (Get-CsPoolUpgradeReadinessState | Where-Object PoolFqdn -eq pool01.contoso.com).State",
        "LastFrontEnd\nInsufficientActiveFrontEnds\nReady\n",
    ),
    (
        "a Lync certificate is requested, assigned and taken away",
        "$c = Request-CsCertificate -New -Type WebServicesInternal -CA dc01\\ca -FriendlyName web
         @(Get-CsCertificate -Type WebServicesInternal).Count
         Set-CsCertificate -Type WebServicesInternal -Thumbprint $c.Thumbprint
         (Get-CsCertificate -Type WebServicesInternal).Thumbprint -eq $c.Thumbprint
         Refusal { Set-CsCertificate -Type Default -Thumbprint 00AA }
         Remove-CsCertificate -Type WebServicesInternal
         @(Get-CsCertificate -Type WebServicesInternal).Count
         Refusal { Request-CsCertificate -New -Type OAuthTokenIssuer -KeySize 1024 }",
        "0\nTrue\nCertificateNotFound\n0\nKeyTooShort\n",
    ),
    (
        "a database is activated on another server, and its mailboxes go with it",
        "Add-MailboxDatabaseCopy MDB01 -MailboxServer um3
         (Get-MailboxDatabaseCopyStatus MDB01 | ForEach-Object { \"$($_.Name)=$($_.Status)\" }) -join ' '
         Suspend-MailboxDatabaseCopy 'MDB01\\um3' -Confirm:$false
         Refusal { Move-ActiveMailboxDatabase MDB01 -ActivateOnServer um3 -Confirm:$false }
         Resume-MailboxDatabaseCopy 'MDB01\\um3'
         (Move-ActiveMailboxDatabase MDB01 -ActivateOnServer um3 -Confirm:$false).ActiveServerAtEnd
         (Get-Mailbox kmyer).ServerName
         Refusal { Remove-MailboxDatabaseCopy 'MDB01\\um3' -Confirm:$false }
         Call",
        "MDB01\\um1=Mounted MDB01\\um3=Healthy\nCopySuspended\num3\num3\nCopyIsActive\nreached um3.contoso.com\n",
    ),
    (
        "an answer of DNS counts until its time has passed",
        "Get-Service MSExchangeUM* -ComputerName um1 | Stop-Service
         Get-Service MSExchangeUM* -ComputerName um2 | Stop-Service
         foreach ($s in 'um3', 'um4') { Set-UMCallRouterSettings -Server $s -DialPlans DublinSip }
         foreach ($pair in @('um1', '10.2.0.33'), @('um2', '10.2.0.34')) {
             Remove-DnsServerResourceRecord -ZoneName contoso.com -Name $pair[0] -RRType A -Force
             Add-DnsServerResourceRecordA -ZoneName contoso.com -Name $pair[0] -IPv4Address $pair[1]
         }
         foreach ($s in 'um3', 'um4') { Set-UMCallRouterSettings -Server $s -DialPlans TukwilaSip, DublinSip }
         (Test-TwinCallRouting sip:kmyer@contoso.com).Steps | Where-Object Rule -eq O9 | Select-Object -First 1 -ExpandProperty Reason
         Set-TwinClock -Advance 01:00:00
         (Test-TwinCallRouting sip:kmyer@contoso.com).Steps | Where-Object Rule -eq O9 | Select-Object -First 1 -ExpandProperty Passed",
        "UmServiceDown\nTrue\n",
    ),
    (
        "health checks find what is wrong and stay silent else",
        "@(Test-TwinDeployment -Severity Error, Warning).Count
         Set-UMDialPlan TukwilaSip -VoIPSecurity SIPSecured
         Set-UMService um2 -UMStartupMode TCP
         Remove-UMHuntGroup TukwilaSip-pool01 -Confirm:$false
         (Test-TwinDeployment -Severity Error).Id -join ' '
         Set-CsHostedVoicemailPolicy -Destination exap.um.outlook.com -Organization contoso.onmicrosoft.com
         Set-CsUser 'Ken Myer' -HostedVoiceMail $true
         (Test-TwinDeployment EDG-2, HPV-1, EXT-1).Id -join ' '",
        "0\nUMD-3 UMS-1 UMS-2\nEDG-2 HPV-1 EXT-1\n",
    ),
    (
        "users are named, chosen and changed as Lync does it",
        "Refusal { Enable-CsUser svc-lync -RegistrarPool pool01.contoso.com -SipAddress sip:svc@contoso.com }
         Enable-CsUser svc-lync@contoso.com -RegistrarPool pool01.contoso.com -SipAddressType SAMAccountName -SipDomain contoso.com
         (Get-CsUser 'Service Account').SipAddress
         (Get-CsUser -OU 'OU=Dublin,DC=contoso,DC=com').DisplayName -join ', '
         @(Get-CsUser -UnassignedUser).Count
         Refusal { Set-CsUser 'Ken Myer' -AudioVideoDisabled $true }
         Refusal { Set-CsUser 'Ken Myer' -LineURI '+14255551299' }
         Set-CsUser 'Ken Myer' -SipAddress sip:ken@contoso.com
         (Get-CsUser 'Ken Myer').ProxyAddresses -contains 'sip:ken@contoso.com'",
        "ManagementObjectNotFound\nsip:svc-lync@contoso.com\nKim Akers, Sean Chai\n0\n\
         AudioVideoNeededForTelephony\nInvalidPropertyValue\nTrue\n",
    ),
    (
        "the global dial plan has its rule, and gets it back",
        "(Get-CsDialPlan Global).NormalizationRules.Name
         $null = New-CsVoiceNormalizationRule Global/Extra -Pattern '^1$' -Translation '2'
         Remove-CsDialPlan Global
         (Get-CsVoiceNormalizationRule).Identity",
        "Prefix All\nGlobal/Prefix All\n",
    ),
    (
        "priorities count from 0 and make room",
        "'East', 'West' | ForEach-Object { $null = New-CsVoiceRoute $_ -PstnUsages Local }
         $null = New-CsVoiceRoute North -PstnUsages Local -Priority 1
         (Get-CsVoiceRoute | ForEach-Object { \"$($_.Priority) $($_.Name)\" }) -join ', '
         Set-CsVoiceRoute West -Priority 0
         Remove-CsVoiceRoute LocalRoute
         (Get-CsVoiceRoute | ForEach-Object { \"$($_.Priority) $($_.Name)\" }) -join ', '
         $null = New-CsVoiceNormalizationRule Global/Short -Priority 0
         $null = New-CsDialPlan site:Dublin
         (Get-CsVoiceNormalizationRule | ForEach-Object { \"$($_.Priority) $($_.Identity)\" }) -join ', '",
        "0 LocalRoute, 1 North, 2 East, 3 West\n0 West, 1 North, 2 East\n\
         0 Global/Short, 1 Global/Prefix All, 0 Site:Dublin/Prefix All\n",
    ),
    (
        "another name in an instance renames the object",
        "$route = Get-CsVoiceRoute LocalRoute
         $route.Name = 'Town'
         $route.Description = 'calls in town'
         Set-CsVoiceRoute -Instance $route
         Get-CsVoiceRoute | ForEach-Object { \"$($_.Identity): $($_.Description)\" }
         $rule = Get-CsVoiceNormalizationRule 'Global/Prefix All'
         $rule.Name = 'Plus'
         $rule | Set-CsVoiceNormalizationRule
         (Get-CsVoiceNormalizationRule).Identity
         $null = New-CsVoiceNormalizationRule Global/Other
         $rule = Get-CsVoiceNormalizationRule Global/Other
         $rule.Name = 'Plus'
         Refusal { Set-CsVoiceNormalizationRule -Instance $rule }",
        "Town: calls in town\nGlobal/Plus\nIdentityAlreadyExists\n",
    ),
    (
        "a list of parts is read from the parts and writes them",
        "$rule = New-CsVoiceNormalizationRule -Parent Global -Name Four -Pattern '^(\\d{4})$' -Translation '+1425555$1' -InMemory
         Set-CsDialPlan -NormalizationRules @{ Add = $rule }
         (Get-CsVoiceNormalizationRule).Identity -join ', '
         [string](Get-CsDialPlan Global).NormalizationRules[1]
         $plan = Get-CsDialPlan Global
         $plan.NormalizationRules[0].Description = 'any'
         Set-CsDialPlan -Instance $plan
         (Get-CsVoiceNormalizationRule 'Global/Prefix All').Description
         Set-CsDialPlan -NormalizationRules @{ Remove = $rule }
         (Get-CsVoiceNormalizationRule).Identity
         $routing = Get-CsRoutingConfiguration
         ($routing.Route | Where-Object Name -eq LocalRoute).Description = 'by the list'
         Set-CsRoutingConfiguration -Instance $routing
         (Get-CsVoiceRoute LocalRoute).Description",
        "Global/Prefix All, Global/Four\n\
         Description=;Pattern=^(\\d{4})$;Translation=+1425555$1;Name=Four;IsInternalExtension=False\n\
         any\nGlobal/Prefix All\nby the list\n",
    ),
    (
        "voice routes and policies without usages are warned of, unknown usages refused",
        "$warned = @()
         $null = New-CsVoiceRoute East -WarningVariable +warned
         $null = New-CsVoicePolicy Sales -PstnUsages Local -WarningVariable +warned
         Set-CsVoicePolicy Sales -PstnUsages @{ Remove = 'Local' } -WarningVariable +warned
         $warned.Count
         Refusal { New-CsVoicePolicy Branch -PstnUsages Satellite }
         Set-CsPstnUsage -Usage @{ Add = 'Satellite' }
         Refusal { New-CsVoicePolicy Branch -PstnUsages Satellite }
         Refusal { Set-CsVoiceRoute East -SuppressCallerId $true }
         Refusal { Set-CsVoiceRoute East -SuppressCallerId $true -AlternateCallerId '0425' }
         Refusal { Set-CsVoiceRoute East -SuppressCallerId $true -AlternateCallerId '+14255551200;ext=77' }",
        "3\nReferenceNotFound\ndone\nPropertyRequired\nInvalidPropertyValue\ndone\n",
    ),
    (
        "servers in the topology are changed by their own cmdlets",
        "Set-CsMediationServer MediationServer:pool01.contoso.com -SipClientTcpPort 5068
         Set-CsWebServer WebServer:pool01.contoso.com -ExternalFqdn web.fabrikam.com
         (Get-CsService -WebServer | Where-Object PoolFqdn -eq pool01.contoso.com).ExternalFqdn
         Refusal { Set-CsMediationServer MediationServer:pool09.contoso.com -SipClientTcpPort 5068 }
         Set-CsPstnGateway gw01.contoso.com -Routable $true
         (Get-CsService -PstnGateway).Identity",
        "web.fabrikam.com\nIdentityNotFound\nPstnGateway:gw01.contoso.com\n",
    ),
    (
        "services of Windows tell their roles, applications of a server stand in line",
        "(Get-CsWindowsService RTCSRV).RoleName -join ', '
         (Get-CsWindowsService RTCSRV -ComputerName edge01.contoso.com).RoleName
         (Get-CsServerApplication -Filter 'service:EdgeServer:*').Name -join ', '
         $null = New-CsServerApplication EdgeServer:edge01.contoso.com/Audit -Uri http://audit.contoso.com -Priority 1
         Get-CsServerApplication EdgeServer:edge01.contoso.com | ForEach-Object {
             \"$($_.Priority) $($_.Name) $($_.Enabled) $($_.Critical)\"
         }
         (Get-CsTopology).SqlInstances",
        "Registrar, UserServer\nEdgeServer\nClientVersionFilter, IIMFilter, IncomingFederation\n\
         0 ClientVersionFilter True True\n1 Audit False True\n2 IIMFilter True True\n\
         3 IncomingFederation True True\nsql01.contoso.com\\rtc\n",
    ),
    (
        "limits of a bandwidth profile are its policies",
        "$null = New-CsNetworkRegion North -CentralSite Redmond -VideoAlternatePath $true
         [string](Get-CsNetworkRegion North).BWAlternatePaths[1]
         $null = New-CsNetworkBandwidthPolicyProfile Small -AudioBWLimit 900 -VideoBWLimit 800 -VideoBWSessionLimit 250
         Set-CsNetworkBandwidthPolicyProfile Small -AudioBWLimit 1200
         (Get-CsNetworkBandwidthPolicyProfile Small).BWPolicy | ForEach-Object { [string]$_ }
         Refusal { New-CsNetworkBandwidthPolicyProfile Tiny -AudioBWLimit 90 -AudioBWSessionLimit 39 }
         $policy = New-CsNetworkBWPolicy -BWPolicyModality Audio -BWLimit 500 -BWSessionLimit 90
         (New-CsNetworkBandwidthPolicyProfile Own -BWPolicy $policy).AudioBWSessionLimit
         (New-CsNetworkSite Dublin -NetworkRegionID North).BypassID.Length",
        "AlternatePath=True;BWPolicyModality=Video\n\
         BWLimit=1200;BWSessionLimit=175;BWPolicyModality=Audio\n\
         BWLimit=800;BWSessionLimit=250;BWPolicyModality=Video\n\
         InvalidBandwidthPolicy\n90\n36\n",
    ),
    (
        "the network configuration shows and takes away its parts, the routing configuration keeps a route",
        "$null = New-CsNetworkRegion North -CentralSite Redmond
         $null = New-CsNetworkSite Cork -NetworkRegionID North
         Set-CsNetworkConfiguration -MediaBypassSettings (New-CsNetworkMediaBypassConfiguration -Enabled $true)
         $network = Get-CsNetworkConfiguration
         \"$($network.NetworkRegions.NetworkRegionID) $($network.NetworkSites.NetworkSiteID)\"
         $network.MediaBypassSettings.InternalBypassMode
         Remove-CsNetworkConfiguration Global
         @(Get-CsNetworkSite).Count
         $null = New-CsVoiceRoute Town -PstnUsages Local
         Set-CsVoiceRoute LocalRoute -Description changed
         Remove-CsRoutingConfiguration Global
         Get-CsVoiceRoute | ForEach-Object { \"$($_.Name) $($_.NumberPattern) <$($_.Description)>\" }",
        "North Cork\nAny\n0\nLocalRoute ^(\\+1[0-9]{10})$ <>\n",
    ),
    (
        "actions, prompts and hours of response groups stay objects",
        "$prompt = New-CsRgsPrompt -TextToSpeechPrompt 'one moment'
         $action = New-CsRgsCallAction -Prompt $prompt -Action Terminate
         $null = New-CsRgsQueue -Parent ApplicationServer:pool01.contoso.com -Name First -TimeoutAction $action -TimeoutThreshold 20
         $queue = Get-CsRgsQueue
         $queue.TimeoutAction.Prompt.TextToSpeechPrompt
         $queue.TimeoutAction.Prompt.TextToSpeechPrompt = 'two moments'
         Set-CsRgsQueue -Instance $queue
         (Get-CsRgsQueue).TimeoutAction.Prompt.TextToSpeechPrompt
         $range = New-CsRgsTimeRange -Name Day -OpenTime 07:30 -CloseTime 16:00
         $null = New-CsRgsHoursOfBusiness -Parent ApplicationServer:pool01.contoso.com -Name Office -MondayHours1 $range
         [string](Get-CsRgsHoursOfBusiness).MondayHours1.OpenTime",
        "one moment\ntwo moments\n07:30:00\n",
    ),
    (
        "chat rooms are named in their pool and renamed there, routes tell their transport",
        "$null = New-CsPersistentChatRoom -Name Help -PersistentChatPoolFqdn chat01.contoso.com -Category IT
         Get-CsPersistentChatRoom 'chat01.contoso.com\\Help' | Set-CsPersistentChatRoom -Name Desk
         Get-CsPersistentChatRoom | ForEach-Object { \"$($_.Identity) $($_.Name)\" }
         $route = New-CsStaticRoute -TLSRoute -Destination sip.fabrikam.com -Port 5061 -MatchUri fabrikam.com -UseDefaultCertificate $true
         Set-CsStaticRoutingConfiguration -Route @{ Add = $route }
         [string](Get-CsStaticRoutingConfiguration).Route[0].Transport
         @(Get-CsVoiceNormalizationRule -Filter '*Prefix*').Count
         (Get-CsVoiceNormalizationRule -Filter Global).Name",
        "chat01.contoso.com\\Desk Desk\n\
         TransportChoice=Certificate=Microsoft.Rtc.Management.WritableConfig.Settings.SipProxy.UseDefaultCert;\
         Fqdn=sip.fabrikam.com;Port=5061\n0\nPrefix All\n",
    ),
    (
        "trusted applications and presence providers are named below their parents",
        "$null = New-CsTrustedApplicationPool apps.contoso.com -Registrar pool01.contoso.com -Site Tukwila
         $null = New-CsTrustedApplication apps.contoso.com/board -Port 7001
         $null = New-CsTrustedApplication -ApplicationId wall -TrustedApplicationPoolFqdn apps.contoso.com -Port 7002
         Get-CsTrustedApplication | ForEach-Object { \"$($_.Identity) $($_.LegacyApplicationName) $($_.TrustedApplicationPoolFqdn)\" }
         (Get-CsTrustedApplication apps.contoso.com/board).Port
         Set-CsTrustedApplicationPool TrustedApplicationPool:apps.contoso.com -OutboundOnly $true
         (Get-CsTrustedApplicationPool).OutboundOnly
         $null = New-CsPresenceProvider -Parent Global -Fqdn presence.fabrikam.com
         (Get-CsUserServicesConfiguration).PresenceProviders.Fqdn
         Refusal { New-CsPresenceProvider site:Redmond/presence.fabrikam.com }",
        "apps.contoso.com/urn:application:board board apps.contoso.com\n\
         apps.contoso.com/urn:application:wall wall apps.contoso.com\n7001\nTrue\n\
         presence.fabrikam.com\nReferenceNotFound\n",
    ),
];

#[test]
fn every_behaviour_holds_for_scripts() {
    all_hold(BEHAVIOURS);
}

#[test]
fn every_worked_check_holds_for_scripts() {
    all_hold(CHECKS);
}

fn all_hold(checks: &[(&str, &str, &str)]) {
    let mut wrong = Vec::new();
    for (name, script, expected) in checks {
        let run = World::new().ask(&format!("{TOOLS}\n{script}"));
        if run.stdout != *expected || !run.stderr.is_empty() {
            wrong.push(format!(
                "{name}\n  expected {expected:?}\n  printed  {:?}\n  errors   {}",
                run.stdout, run.stderr
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
