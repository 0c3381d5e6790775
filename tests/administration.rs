//! Commands as administrators write them, each alone on the example deployment: no error, and what comes out.

mod support;

use support::World;

/// Command and the text that it writes.
const COMMANDS: &[(&str, &str)] = &[
    // An LDAP filter may leave its outer brackets out.
    ("(Get-CsUser -LdapFilter 'sn=Myer').DisplayName", "Ken Myer"),
    ("(Get-CsUser -LdapFilter '!sn=Myer').Count -gt 2", "True"),
    // What belongs to a user is named like the user.
    (
        "(Get-CsUserPoolInfo 'contoso\\kmyer').PrimaryPoolFqdn",
        "pool01.contoso.com",
    ),
    ("(Get-CASMailbox kmyer@contoso.com).Name", "Ken Myer"),
    (
        "(Get-Recipient kmyer).PrimarySmtpAddress",
        "kmyer@contoso.com",
    ),
    (
        "Set-MailboxRegionalConfiguration kmyer -TimeFormat 'HH:mm'; (Get-MailboxRegionalConfiguration 'Ken Myer').TimeFormat",
        "HH:mm",
    ),
    (
        "Set-CsUserAcp 'Ken Myer' -TollNumber 1425 -ParticipantPasscode 1 -Domain fabrikam.com -Name ACP; (Get-CsUserAcp sip:kmyer@contoso.com).Name",
        "ACP",
    ),
    // What belongs to a server is named by the server.
    ("(Get-ImapSettings -Server um1).Name", "um1"),
    // A parent alone means everything it has.
    (
        "$null = New-CsAnnouncement -Parent service:ApplicationServer:pool01.contoso.com -Name A -TextToSpeechPrompt x; (Get-CsAnnouncement ApplicationServer:pool01.contoso.com).Name",
        "A",
    ),
    (
        "$null = New-CsRgsAgentGroup -Parent service:ApplicationServer:pool01.contoso.com -Name 'Help Desk'; (Get-CsRgsAgentGroup service:ApplicationServer:pool01.contoso.com -Name 'Help Desk').AgentAlertTime",
        "20",
    ),
    // One object is a collection of one.
    (
        "$h = New-CsRgsHoliday -Name H -StartDate 7/4/2010 -EndDate 7/5/2010; (New-CsRgsHolidaySet -Parent service:ApplicationServer:pool01.contoso.com -Name S -HolidayList($h)).Name",
        "S",
    ),
    // A limit on a part of an entry does not bound the entry.
    (
        "Set-UMDialPlan TukwilaSip -ConfiguredInCountryOrRegionGroups 'InCountry,91425xxxxxxx,91425xxxxxxx,x','InCountry,91425*,91425*,x'; (Get-UMDialPlan TukwilaSip).ConfiguredInCountryOrRegionGroups.Count",
        "2",
    ),
    // A change of many users shares one transaction, and the policies that count are looked up once.
    (
        "Set-CsHostedVoicemailPolicy -Destination exap.um.outlook.com; Get-CsUser -Filter {EnterpriseVoiceEnabled -eq $true} | Set-CsUser -HostedVoiceMail $true; (Get-CsUser -Filter {HostedVoiceMail -eq $true}).Count",
        "5",
    ),
    // What was exported comes back whole, and what was not changed then is by default again.
    (
        "Export-CsConfiguration ./c.zip; Set-CsVoicePolicy global -AllowSimulRing $false -WarningAction Ignore; Import-CsConfiguration ./c.zip; (Get-CsVoicePolicy global).AllowSimulRing",
        "True",
    ),
    (
        "$u = Get-ADUser kmyer -Properties Title; $u.Title = 'Manager'; Set-ADUser -Instance $u; (Get-ADUser kmyer -Properties Title).Title",
        "Manager",
    ),
    // Parts of the deployment in files.
    (
        "$s = 'service:ApplicationServer:pool01.contoso.com'; $null = New-CsRgsAgentGroup -Parent $s -Name G; Export-CsRgsConfiguration -Source $s -FileName ./rgs.zip; Get-CsRgsAgentGroup $s | Remove-CsRgsAgentGroup; Import-CsRgsConfiguration -Destination $s -FileName ./rgs.zip; (Get-CsRgsAgentGroup $s).Name",
        "G",
    ),
    (
        "Import-UMPrompt -UMDialPlan TukwilaSip -PromptFileName w.wav -PromptFileData ([byte[]](1, 255)); (Export-UMPrompt -UMDialPlan TukwilaSip -PromptFileName w.wav).AudioData -join ','",
        "1,255",
    ),
    (
        "Add-CsSlaDelegates 'Ken Myer' -Delegate sip:packerman@contoso.com; (Get-CsSlaConfiguration 'Ken Myer').Delegates",
        "sip:packerman@contoso.com",
    ),
    (
        "$null = New-DatabaseAvailabilityGroup -Name DAG1; Add-DatabaseAvailabilityGroupServer DAG1 -MailboxServer um1.contoso.com; (Get-DatabaseAvailabilityGroup DAG1).Servers",
        "um1",
    ),
    // Sessions without a network.
    (
        "$s = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri http://um1.contoso.com/PowerShell/; $null = Import-PSSession $s -Prefix Ex -AllowClobber; (Get-ExMailbox kmyer).Name; Remove-PSSession $s; $s.State",
        "Ken Myer\nClosed",
    ),
    (
        "Connect-ExchangeOnline -UserPrincipalName a@contoso.com -ShowBanner:$false; (Get-ConnectionInformation).UserPrincipalName; (Get-EXOMailbox kmyer).Alias; Disconnect-ExchangeOnline -Confirm:$false; @(Get-ConnectionInformation).Count",
        "a@contoso.com\nkmyer\n0",
    ),
    (
        "Add-PSSnapin Microsoft.Exchange.Management.PowerShell.E2010; (Get-PSSnapin Microsoft.Exchange*).Name",
        "Microsoft.Exchange.Management.PowerShell.E2010",
    ),
    (
        "Import-Module 'C:\\Program Files\\Common Files\\Skype for Business Server 2015\\Modules\\SkypeForBusiness\\SkypeForBusiness.psd1'; (Get-Module SkypeForBusiness).Name",
        "SkypeForBusiness",
    ),
    // Settings inside an object are objects: shown whole, named by their text, written back one by one.
    (
        "$null = New-CsDialPlan Lab; (Get-CsDialPlan Lab).NormalizationRules | ForEach-Object { \"$_\" }",
        "Description=;Pattern=^(\\d{11})$;Translation=+$1;Name=Prefix All;IsInternalExtension=False",
    ),
    (
        "$null = New-CsDialPlan Lab; $p = Get-CsDialPlan Lab; $p.NormalizationRules[0].Translation = '$1'; Set-CsDialPlan -Instance $p; (Get-CsVoiceNormalizationRule Tag:Lab/'Prefix All').Translation",
        "$1",
    ),
    (
        "$null = New-CsDialPlan Lab; $r = New-CsVoiceNormalizationRule Lab/Four -Pattern '^(\\d{4})$' -Translation '+1$1' -InMemory; Set-CsDialPlan Lab -NormalizationRules @{Add=$r}; (Get-CsDialPlan Lab).NormalizationRules.Name -join ','; Set-CsDialPlan Lab -NormalizationRules @{Remove=$r}; (Get-CsVoiceNormalizationRule -Filter Tag:L*).Name",
        "Prefix All,Four\nPrefix All",
    ),
    (
        "$x = New-CsDialPlan Lab -InMemory; $x.NormalizationRules.Add((New-CsVoiceNormalizationRule Lab/Five -InMemory)); Set-CsDialPlan -Instance $x; (Get-CsDialPlan Lab).NormalizationRules.Name -contains 'Five'",
        "True",
    ),
    (
        "$u = New-CsSimpleUrlEntry -Url https://dialin.contoso.com; $s = New-CsSimpleUrl -Component Dialin -Domain * -SimpleUrlEntry $u -ActiveUrl https://dialin.contoso.com; $null = New-CsSimpleUrlConfiguration site:Dublin -SimpleUrl @{Add=$s}; (Get-CsSimpleUrlConfiguration site:Dublin).SimpleUrl[0].SimpleUrlEntry[0].Url",
        "https://dialin.contoso.com",
    ),
    (
        "$e = New-CsClientPolicyEntry -Name Motd -Value Hello; Set-CsClientPolicy global -PolicyEntry @{Add=$e}; \"$((Get-CsClientPolicy global).PolicyEntry)\"",
        "Name=Motd;Value=Hello",
    ),
    // A rule that matched is shown as its plan shows it.
    (
        "(Get-CsDialPlan global | Test-CsDialPlan -DialedNumber 14255551299).MatchingRule.Name",
        "Prefix All",
    ),
    // A role's own cmdlets need no role before the name of a service.
    (
        "Set-CsRegistrar pool01.contoso.com -SipPort 5071; (Get-CsService Registrar:pool01.contoso.com).SipPort",
        "5071",
    ),
    // A test keeps a log of what it did, if asked.
    (
        "$null = Test-CsRegistration -TargetFqdn pool01.contoso.com -UserSipAddress sip:kmyer@contoso.com -OutLoggerVariable log -OutVerboseVariable lines; ([xml]$log.ToXML()).Activity.Result; $log.ToHTML() -match '<h1>Test-CsRegistration'; $lines.Count",
        "Success\nTrue\n2",
    ),
    // Whoever was never enabled is neither enabled nor disabled.
    (
        "(Get-CsAdUser -Filter {Enabled -eq $null}).SamAccountName | Where-Object { $_ -notlike 'SM_*' }; @(Get-CsAdUser -Filter {Enabled -eq $false}).Count",
        "svc-lync\n0",
    ),
    (
        "(Get-CsExUmContact sip:aa-main@contoso.com).IsSubscriberAccess",
        "False",
    ),
    ("(Export-CsConfiguration -AsBytes).GetType().Name", "Byte[]"),
    // What is still in use stays prepared unless forced.
    (
        "Disable-CsAdDomain 2>$null; Get-CsAdDomain; Disable-CsAdDomain -Force; Get-CsAdDomain",
        "LC_DOMAINSETTINGS_STATE_READY\nLC_DOMAINSETTINGS_STATE_NOT_READY",
    ),
    (
        "Invoke-Command -ComputerName fe01.contoso.com,fe02.contoso.com { $env:COMPUTERNAME; (Get-CsComputer -Local).Fqdn }",
        "FE01\nfe01.contoso.com\nFE02\nfe02.contoso.com",
    ),
    // What a server has is named with the server, by the web site's short form, or alone for the session's own.
    (
        "(Get-OwaVirtualDirectory 'um2\\OWA').Identity",
        "um2\\owa (Default Web Site)",
    ),
    (
        "Set-EcpVirtualDirectory 'ecp (Default Web Site)' -AdminEnabled $true; (Get-EcpVirtualDirectory | Where-Object AdminEnabled).Server",
        "um1",
    ),
    (
        "(New-OabVirtualDirectory -Server um3.contoso.com -WebSiteName Partner).Identity",
        "um3\\OAB (Partner)",
    ),
    (
        "(Enable-OutlookAnywhere -Server um4 -ExternalHostname mail.contoso.com -ClientAuthenticationMethod Ntlm -SSLOffloading $false).Identity; Disable-OutlookAnywhere -Server um4 -Confirm:$false; @(Get-OutlookAnywhere).Count",
        "um4\\Rpc (Default Web Site)\n0",
    ),
    // Of several parameters that take objects, the one called like the object's kind gets it.
    (
        "Get-MailboxDatabase MDB03 | Get-MailboxStatistics | ForEach-Object Name",
        "Kim Akers\nSean Chai",
    ),
    // A certificate may be renewed as it comes from Get.
    (
        "(Get-ExchangeCertificate C0FFEE00C0FFEE00C0FFEE00C0FFEE00C0FFEE02 | New-ExchangeCertificate -GenerateRequest) -like '*BEGIN NEW*'",
        "True",
    ),
    // A permission that is there already is a warning, rights of one user add up, and taking an absent one away changes nothing.
    (
        "$null = Add-MailboxPermission kmyer -User pilar -AccessRights ReadPermission; Add-MailboxPermission kmyer -User pilar -AccessRights ReadPermission -WarningVariable w 3>$null; $w.Count; (Get-MailboxPermission kmyer -User pilar).AccessRights",
        "1\nReadPermission",
    ),
    (
        "Remove-MailboxPermission kmyer -User pilar -AccessRights FullAccess -Confirm:$false -WarningVariable w 3>$null; $w.Count",
        "1",
    ),
    (
        "$null = Add-MailboxFolderPermission kmyer:\\Team -User pilar -AccessRights Reviewer; Set-MailboxFolderPermission kmyer@contoso.com:\\Team -User pilar -AccessRights Owner; (Get-MailboxFolderPermission kmyer:\\Team -User pilar).AccessRights",
        "Owner",
    ),
    // Mail users and remote mailboxes are accounts: made with one, given to one, and the account stays when it is taken away.
    (
        "$p = ConvertTo-SecureString Pass1word -AsPlainText -Force; (New-MailUser 'Ann Beebe' -UserPrincipalName annb@contoso.com -ExternalEmailAddress annb@fabrikam.com -Password $p).SamAccountName; (Get-ADUser annb).Name",
        "annb\nAnn Beebe",
    ),
    (
        "New-ADUser -Name 'Bob Kelly' -SamAccountName bobk -UserPrincipalName bobk@contoso.com; $null = Enable-RemoteMailbox 'Bob Kelly' -RemoteRoutingAddress bobk@tenant.mail.onmicrosoft.com; (Get-Recipient bobk).RecipientTypeDetails; Disable-RemoteMailbox bobk -Confirm:$false; @(Get-RemoteMailbox).Count; (Get-User bobk).Name",
        "RemoteUserMailbox\n0\nBob Kelly",
    ),
    // Contacts and groups are recipients too.
    (
        "$null = New-MailContact -Name 'Lab Phone' -ExternalEmailAddress lab@fabrikam.com; Set-Contact 'Lab Phone' -Company Fabrikam; (Get-Contact 'Lab Phone').Company; (Get-Recipient 'Lab Phone').RecipientType",
        "Fabrikam\nMailContact",
    ),
    // A move request is called like its mailbox and found by whatever names that; its statistics follow it.
    (
        "$null = New-MoveRequest kmyer -TargetDatabase MDB03; Suspend-MoveRequest kmyer@contoso.com -Confirm:$false; (Get-MoveRequest -MoveStatus Suspended).DisplayName; (Get-MoveRequestStatistics 'Ken Myer').StatusDetail",
        "Ken Myer\nSuspended",
    ),
    // A batch brings the users of its file.
    (
        "$csv = [Text.Encoding]::ASCII.GetBytes(\"EmailAddress`nkmyer@contoso.com`npilar@contoso.com`n\"); $null = New-MigrationBatch -Local -Name Wave1 -CSVData $csv -TargetDatabases MDB03; (Get-MigrationUser -BatchId Wave1).Count",
        "2",
    ),
    // A canonical name is a name.
    (
        "(Get-Mailbox 'contoso.com/Tukwila/Ken Myer').Alias",
        "kmyer",
    ),
    // Mailboxes of the system show only if they are asked for, and lists of kinds keep what they list.
    (
        "$null = New-Mailbox 'Journal Desk' -Shared; @(Get-Mailbox -Arbitration).Count; (Get-Mailbox -RecipientTypeDetails SharedMailbox,RoomMailbox).Name",
        "5\nJournal Desk",
    ),
    // Event levels are kept for each server and category.
    (
        "Set-EventLogLevel 'um2\\MSExchangeTransport\\Pickup' -Level High; (Get-EventLogLevel 'um2\\MSExchangeTransport\\P*' | Where-Object EventLevel -ne Lowest).Identity",
        "um2\\MSExchangeTransport\\Pickup",
    ),
    // A server shows the states of all its components, set or not.
    (
        "(Get-ServerComponentState um4 -Component OwaProxy).State",
        "Active",
    ),
    // A role is called by its own name, whatever its parent.
    (
        "$null = New-ManagementRole 'Tier 1 Desk' -Parent 'Mail Recipients'; (Get-ManagementRole 'Tier 1 Desk').Parent",
        "Mail Recipients",
    ),
    // Agents are installed, switched and taken away.
    (
        "$null = Install-TransportAgent Stamp -TransportAgentFactory A.B -AssemblyPath C:\\a.dll; Enable-TransportAgent Stamp; (Get-TransportAgent Stamp).Enabled; Uninstall-TransportAgent Stamp -Confirm:$false; @(Get-TransportAgent Stam*).Count",
        "True\n0",
    ),
    // Tests of what an organisation agreed with others say what they looked at.
    (
        "(Test-FederationTrust).Type; (Validate-OutboundConnector -Identity (New-OutboundConnector -Name Partner).Name -Recipients a@fabrikam.com).IsTaskSuccessful -join ','",
        "Error\nTrue,True",
    ),
    // Dates may be emptied.
    (
        "$null = New-TransportRule Stamp -FromScope NotInOrganization -SetSCL 5 -ExpiryDate 1/1/2030; Set-TransportRule Stamp -ExpiryDate $null; $null -eq (Get-TransportRule Stamp).ExpiryDate",
        "True",
    ),
    // A rule is named by its parent and its own number, and shown by the policy it belongs to.
    (
        "$id = [guid]::NewGuid(); $null = New-CsClientVersionPolicyRule -Parent Global -RuleId $id -MajorVersion 3 -UserAgent Lab -Action Block -CompareOp LEQ; ((Get-CsClientVersionPolicy global).Rules | Where-Object UserAgent -eq Lab).RuleId -eq $id",
        "True",
    ),
    // Trunk rules bring their trunk along.
    (
        "$null = New-CsOutboundTranslationRule site:Dublin/Plain; $rule = (Get-CsTrunkConfiguration site:Dublin).OutboundTranslationRulesList[0]; \"$($rule.Pattern) $($rule.Translation)\"",
        "^\\+(\\d*)$ $1",
    ),
    (
        "Set-CsClientPin 'Ken Myer' -Pin 12 -ErrorVariable short 2>$null; $short.Count; (Set-CsClientPin 'Ken Myer').Pin.Length",
        "1\n5",
    ),
    // Devices and phones have accounts of their own.
    (
        "$d = New-CsAnalogDevice -LineUri tel:+14255551299 -DisplayName 'Lab fax' -RegistrarPool pool01.contoso.com -AnalogFax $true -Gateway gw01.contoso.com -OU 'OU=Users,DC=contoso,DC=com'; \"$($d.Identity)\" -match '^CN=\\{[0-9a-f-]{36}\\},OU=Users'; $d.Enabled; $d.SipAddress -match '^sip:[0-9a-f-]{36}@contoso.com$'",
        "True\nTrue\nTrue",
    ),
    (
        "$null = New-CsVoicePolicy Lab -WarningAction Ignore; $null = New-CsCommonAreaPhone -LineUri tel:+14255551298 -DisplayName 'Lab desk' -RegistrarPool pool01.contoso.com -OU 'OU=Users,DC=contoso,DC=com'; Get-CsCommonAreaPhone | Grant-CsVoicePolicy -PolicyName Lab; \"$((Get-CsCommonAreaPhone).VoicePolicy)\"",
        "Lab",
    ),
    (
        "$two = 'Closed', 'Busy' | ForEach-Object { New-CsAnnouncement -Identity ApplicationServer:pool01.contoso.com -Name $_ -TextToSpeechPrompt Sorry -Language en-US }; @($two.Identity -match '/[0-9a-f-]{36}$').Count",
        "2",
    ),
    (
        "'Alpha', 'Bravo' | ForEach-Object { Set-CsLisPort -ChassisID 99-00-00-00-00-01 -PortID $_ -Description Lab }; Get-CsLisPort | Set-CsLisPort -PortIDSubType InterfaceName; (Get-CsLisPort).PortID -join ','",
        "Alpha,Bravo",
    ),
    // A port, a subnet or a switch brings its place along, and a place its address.
    (
        "Set-CsLisSubnet -Subnet 10.9.0.0 -Location Annex -StreetName Ash -City Dublin -Country US; (Get-CsLisLocation).StreetName; @(Get-CsLisLocation -Unreferenced).Count; Remove-CsLisSubnet -Subnet 10.9.0.0; (Get-CsLisLocation -Unreferenced).Location; (Get-CsLisCivicAddress).City",
        "Ash\n0\nAnnex\nDublin",
    ),
    (
        "Set-CsLisServiceProvider -ServiceProviderName Lab -ValidationServiceUrl https://lab.contoso.com -CertFileName lab.pfx -Password (ConvertTo-SecureString p -AsPlainText -Force); Set-CsLisSubnet -Subnet 10.9.0.0 -Location Annex -StreetName Ash -City Dublin -Country US; Get-CsLisCivicAddress | Test-CsLisCivicAddress -UpdateValidationStatus; (Get-CsLisCivicAddress).MSAGValid",
        "True",
    ),
    // One scenario logs beside the one that always may.
    (
        "$null = Start-CsClsLogging -Scenario AlwaysOn -Computers fe01.contoso.com; $null = Start-CsClsLogging -Scenario SIPStack -Pools pool01.contoso.com; Start-CsClsLogging -Scenario IM -Pools pool01.contoso.com -ErrorVariable busy 2>$null; $busy.Count; (Show-CsClsLogging -Computers fe01.contoso.com) -match 'AlwaysOn, SIPStack'; Search-CsClsLogging -Uri sip:kmyer@contoso.com",
        "1\nTrue",
    ),
    // Keys of a conference: each for one command.
    (
        "Set-CsDialInConferencingDtmfConfiguration -HelpCommand 9 -ErrorVariable taken 2>$null; $taken.Count; Set-CsDialInConferencingDtmfConfiguration -HelpCommand 9 -EnableDisableAnnouncementsCommand 1; (Get-CsDialInConferencingDtmfConfiguration).HelpCommand",
        "1\n9",
    ),
    (
        "Move-CsLegacyUser 'Ken Myer' -Target pool02.contoso.com -Confirm:$false; \"$((Get-CsUser 'Ken Myer').RegistrarPool)\"; (Get-CsImFilterConfiguration).Action; (Get-CsFileTransferFilterConfiguration).Extensions -contains '.exe'",
        "pool02.contoso.com\nAllow\nTrue",
    ),
    (
        "Set-CsLisLocation -Location Lab -HouseNumber 1 -HouseNumberSuffix '' -PreDirectional '' -StreetName Ash -StreetSuffix St -PostDirectional '' -City Dublin -State OH -PostalCode 43016 -Country US -CompanyName Contoso; (Get-CsLisLocation).StreetName",
        "Ash",
    ),
    // Groups of the directory are made, changed and deleted like users.
    (
        "New-ADGroup 'Voice Team' -GroupScope Global -Path 'OU=Tukwila,DC=contoso,DC=com'; Set-ADGroup 'Voice Team' -Description Phones; Add-ADGroupMember 'Voice Team' -Members kmyer; $g = Get-ADGroup 'Voice Team' -Properties Description; \"$($g.Description) $($g.GroupScope) $((Get-ADGroupMember 'Voice Team').Name)\"; Remove-ADGroup 'Voice Team' -Confirm:$false; @(Get-ADGroup -Filter \"Name -eq 'Voice Team'\").Count",
        "Phones Global Ken Myer\n0",
    ),
    // A DNS record is changed by a copy of it; the copy does not change the original.
    (
        "$old = Get-DnsServerResourceRecord contoso.com -Name um2 -RRType A; $new = $old.Clone(); $new.RecordData.IPv4Address = '10.9.9.9'; $new.TimeToLive = [timespan]::FromMinutes(5); $old.RecordData.IPv4Address -eq '10.9.9.9'; Set-DnsServerResourceRecord -NewInputObject $new -OldInputObject $old -ZoneName contoso.com; (Resolve-DnsName um2.contoso.com).IPAddress; (Get-DnsServerResourceRecord contoso.com -Name um2).TimeToLive.TotalMinutes",
        "False\n10.9.9.9\n5",
    ),
    // Health checks see replicas that wait, web mail without a trusted pool, and standby servers beside dead ones.
    (
        "Set-OwaVirtualDirectory 'um2\\owa' -InstantMessagingType Ocs; (Test-TwinDeployment | Where-Object Id -eq OWA-A).Object",
        "um2\\owa (Default Web Site)",
    ),
    (
        "Set-CsSite Dublin -Description Annex; (Test-TwinDeployment | Where-Object Id -eq REP-A).Severity | Sort-Object -Unique",
        "Warning",
    ),
    (
        "$null = New-CsTrustedApplicationPool -Identity um2.contoso.com -Registrar pool01.contoso.com -Site Tukwila -RequiresReplication $false -WarningAction Ignore; Set-OwaVirtualDirectory 'um2\\owa' -InstantMessagingType Ocs; @(Test-TwinDeployment | Where-Object Id -eq OWA-A).Count",
        "0",
    ),
    // What an account or a server has beside other things is taken away without it.
    (
        "Remove-UserPhoto kmyer -Confirm:$false; Remove-CsUserAcp kmyer@contoso.com -Confirm:$false; Remove-RpcClientAccess -Server um4 -Confirm:$false; (Get-ADUser kmyer).Name; (Get-ExchangeServer um4).Name",
        "Ken Myer\num4",
    ),
    // A call answering rule belongs to a mailbox; two mailboxes may call theirs alike.
    (
        "$null = 'kmyer', 'Kim Akers' | ForEach-Object { New-UMCallAnsweringRule -Mailbox $_ -Name Night }; Disable-UMCallAnsweringRule Night -Mailbox kmyer -Confirm:$false; (Get-UMCallAnsweringRule Night -Mailbox kmyer).Enabled; (Get-UMCallAnsweringRule Night -Mailbox kakers@contoso.com).Enabled; Remove-UMCallAnsweringRule Night -Mailbox kmyer -Confirm:$false; @(Get-UMCallAnsweringRule -Mailbox kmyer).Count",
        "False\nTrue\n0",
    ),
    // The archive comes and goes without its mailbox.
    (
        "(Enable-Mailbox kmyer -RemoteArchive -ArchiveDomain archive.contoso.com).ArchiveState; Disable-Mailbox kmyer -RemoteArchive -Confirm:$false; (Get-Mailbox kmyer).ArchiveState",
        "HostedPending\nNone",
    ),
    // Members of an availability group are taken out of service, by name or by site, and come back.
    (
        "$null = New-DatabaseAvailabilityGroup DAG1 -WitnessServer um4; 'um1', 'um3' | ForEach-Object { Add-DatabaseAvailabilityGroupServer DAG1 -MailboxServer $_ }; Stop-DatabaseAvailabilityGroup DAG1 -ActiveDirectorySite Dublin -Confirm:$false; $g = Get-DatabaseAvailabilityGroup DAG1; \"$($g.StartedMailboxServers) $($g.StoppedMailboxServers) $($g.Servers)\"; Start-DatabaseAvailabilityGroup DAG1 -MailboxServer um3; (Get-DatabaseAvailabilityGroup DAG1).StoppedMailboxServers.Count",
        "um1 um3 um1 um3\n0",
    ),
    // A group of the directory gets addresses, and loses them again.
    (
        "$null = New-DistributionGroup 'All Staff' -Type Security; Disable-DistributionGroup 'All Staff' -Confirm:$false; @(Get-DistributionGroup).Count; (Enable-DistributionGroup 'All Staff').PrimarySmtpAddress; (Get-DistributionGroup AllStaff).GroupType",
        "0\nAllStaff@contoso.com\nUniversal, SecurityEnabled",
    ),
    // A contact is known by its canonical name and by its address.
    (
        "$null = New-MailContact -Name 'Arlene Huff' -ExternalEmailAddress ah@fabrikam.com; Set-Contact 'contoso.com/Users/Arlene Huff' -City Seattle; (Get-Contact 'Arlene Huff').City; (Get-MailContact ah@fabrikam.com).EmailAddresses",
        "Seattle\nSMTP:ah@fabrikam.com",
    ),
    // The mailboxes of the system itself show only where they are asked for.
    (
        "Set-Mailbox -Arbitration 'SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}' -MessageTracking $true; @(Get-Mailbox -Arbitration).Count; @(Get-Mailbox).Count; @(Get-User -Arbitration).Count",
        "5\n6\n5",
    ),
    // Rows of a table are the groups of numbers of a dial plan.
    (
        "$groups = \"Name,NumberMask,DialedNumber,Comment`nlocal,xxx,9xxx,here`nlong distance,91xxx,91xxx,far\" | ConvertFrom-Csv; Set-UMDialPlan TukwilaSip -ConfiguredInCountryOrRegionGroups $groups; Set-UMDialPlan TukwilaSip -AllowedInCountryOrRegionGroups 'local, long distance'; (Get-UMDialPlan TukwilaSip).ConfiguredInCountryOrRegionGroups[1]",
        "long distance,91xxx,91xxx,far",
    ),
    // Nobody signs in to a room; a logon name that is taken gets a number.
    (
        "$null = New-Mailbox 'Room 1' -Room -OrganizationalUnit Dublin; $room = Get-Mailbox 'Room 1'; $room.ResourceType, $room.RecipientTypeDetails, $room.ServerName, $room.OrganizationalUnit -join ', '; (Get-ADUser 'Room 1').Enabled; (New-Mailbox 'Room 1B' -Alias Room1 -UserPrincipalName r1b@contoso.com -PrimarySmtpAddress r1b@contoso.com -Shared).SamAccountName",
        "Room, RoomMailbox, um1, contoso.com/Dublin\nFalse\nRoom11",
    ),
    // What a filter finds is changed, on the server that is named.
    (
        "Suspend-Message -Filter \"FromAddress -eq 'kmyer@contoso.com'\"; (Get-Message).Status; Resume-Message (Get-Message -Queue um1\\fabrikam.com).Identity; (Get-Message).Status",
        "Suspended\nReady",
    ),
    (
        "Suspend-Queue -Filter \"NextHopDomain -eq 'fabrikam.com'\" -Confirm:$false; (Get-Queue um1\\fabrikam.com).Status; Redirect-Message -Server um1 -Target um2 -Confirm:$false; (Get-Message -Server um2).Identity",
        "Suspended\num2\\fabrikam.com\\1",
    ),
    (
        "Remove-Message -Server um2 -Filter {SCL -lt 5} -Confirm:$false; @(Get-Message).Count; Remove-Message -Server um1 -Filter {SCL -lt 5} -Confirm:$false; @(Get-Message).Count",
        "1\n0",
    ),
    (
        "(Get-OwaVirtualDirectory -Server um2).Identity",
        "um2\\owa (Default Web Site)",
    ),
    // A message is exported while it stands still.
    (
        "Export-Message um1\\fabrikam.com\\1 -ErrorVariable e 2>$null; $e.Count; Suspend-Message um1\\fabrikam.com\\1; Export-Message um1\\fabrikam.com\\1 | AssembleMessage -Path ./m.eml; (Get-Content ./m.eml)[2]",
        "1\nSubject: Order 4711",
    ),
    // A device is emptied when it comes by next, unless that is taken back.
    (
        "Clear-MobileDevice (Get-MobileDevice -Mailbox 'Ken Myer').Identity -Confirm:$false; (Get-MobileDevice).DeviceWipeStatus; Clear-MobileDevice (Get-MobileDevice).Identity -Cancel -Confirm:$false; (Get-MobileDevice).DeviceWipeStatus",
        "True\nFalse",
    ),
    // Public folders are a tree with a root, and a branch goes as a whole or not at all.
    (
        "$null = New-PublicFolder Legal; $null = New-PublicFolder Cases -Path \\Legal; (Get-PublicFolder).Name; (Get-PublicFolder \\Legal -Recurse).Identity; Remove-PublicFolder \\Legal -Confirm:$false -ErrorVariable e 2>$null; $e.Count; Remove-PublicFolder \\Legal -Recurse -Confirm:$false; @(Get-PublicFolder -Recurse).Count",
        "IPM_SUBTREE\n\\Legal\n\\Legal\\Cases\n1\n1",
    ),
    // Whoever is a delegate of a calendar stays one until the call says otherwise.
    (
        "$null = Add-MailboxFolderPermission kmyer:\\Calendar -User pilar -AccessRights Editor -SharingPermissionFlags Delegate; Set-MailboxFolderPermission kmyer:\\Calendar -User pilar -AccessRights Reviewer; (Get-MailboxFolderPermission kmyer:\\Calendar -User pilar).SharingPermissionFlags; Set-MailboxFolderPermission kmyer:\\Calendar -User pilar -AccessRights Editor -SendNotificationToUser $false; (Get-MailboxFolderPermission kmyer:\\Calendar -User pilar).SharingPermissionFlags; (Get-MailboxFolderPermission kmyer:\\Calendar -User Default).AccessRights",
        "Delegate\nNone\nAvailabilityOnly",
    ),
    (
        "(Get-MailboxFolderStatistics kmyer -FolderScope RecoverableItems).Name -join ','",
        "Recoverable Items,Deletions,DiscoveryHolds,Purges,Versions",
    ),
    // The units of the directory are those that its objects lie in.
    (
        "(Get-OrganizationalUnit -SearchText tuk).Identity",
        "contoso.com/Tukwila",
    ),
    (
        "$null = New-SiteMailbox Sales -SharePointUrl https://sp/sales -Force; (Get-SiteMailbox sales@contoso.com).Name; (Test-SiteMailbox -Identity Sales -BypassOwnerCheck).Result; @(Get-SiteMailbox -DeletedSiteMailbox).Count",
        "Sales\nSuccess\nSuccess\n0",
    ),
    (
        "$null = New-MoveRequest kmyer -TargetDatabase MDB03; (Get-MailboxStatistics kmyer -IncludeMoveHistory).MoveHistory[0].TargetDatabase",
        "MDB03",
    ),
    (
        "([Net.NetworkCredential](New-Object PSCredential 'contoso\\ann', (ConvertTo-SecureString x -AsPlainText -Force))).Domain",
        "contoso",
    ),
    // Amounts of data are kept in bytes and shown in the largest unit.
    (
        "Set-Mailbox kmyer -ProhibitSendQuota 250MB -IssueWarningQuota 1.5GB; Set-Mailbox kmyer -ProhibitSendReceiveQuota (Get-Mailbox kmyer).ProhibitSendQuota; $m = Get-Mailbox kmyer; $m.ProhibitSendReceiveQuota, $m.IssueWarningQuota, $m.MaxSendSize, (Get-MailboxDatabase MDB01).IssueWarningQuota; try { Set-Mailbox kmyer -MaxSendSize lots -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }",
        "250 MB (262,144,000 bytes)\n1.5 GB (1,610,612,736 bytes)\nUnlimited\n1.899 GB (2,039,480,320 bytes)\nInvalidPropertyValue,Microsoft.Exchange.Management.SetMailbox",
    ),
    // An identity is a text with parts.
    (
        "$id = (Get-Mailbox kmyer).Identity; $id.Name, $id.Parent, $id.Rdn, $id.DomainId, ($id -is [string]); (Get-OwaVirtualDirectory 'um1\\owa*').Identity.Name; (Get-UMDialPlan TukwilaSip).Identity.Name",
        "Ken Myer\nOU=Tukwila,DC=contoso,DC=com\nCN=Ken Myer\ncontoso.com\nTrue\nowa (Default Web Site)\nTukwilaSip",
    ),
    // -Server keeps what that server has.
    (
        "(Get-EcpVirtualDirectory -Server um2.contoso.com).Server; (Get-MailboxDatabase -Server um3).Name; (Get-Mailbox -Server um3).Name",
        "um2\nMDB03\nKim Akers\nSean Chai",
    ),
    // Members are the recipients that they are.
    (
        "$null = New-DistributionGroup Readers -Members kmyer; $null = New-MailContact -Name Press -ExternalEmailAddress press@fabrikam.com; Add-DistributionGroupMember Readers -Member press@fabrikam.com; Get-DistributionGroupMember Readers | ForEach-Object { \"$($_.Name) $($_.RecipientType)\" }; Remove-DistributionGroupMember Readers -Member Press -Confirm:$false; @(Get-DistributionGroupMember Readers).Count",
        "Ken Myer UserMailbox\nPress MailContact\n1",
    ),
    // Instances that the product installs can be read and, where it lets them, granted.
    (
        "(Get-CsTeamsUpgradePolicy -Identity Islands).Mode; Set-CsTeamsUpgradePolicy Global -NotifySfbUsers $true; @(Get-CsClsScenario -Filter 'Global/HybridVoice').Count",
        "Islands\n1",
    ),
    (
        "$null = New-CsClsConfiguration -Identity site:Tukwila; (Get-CsClsScenario -Filter 'site:Tukwila/AddressBook').Name",
        "AddressBook",
    ),
    // A range has a start before its end; a number of it gets its prefix.
    (
        "$null = New-CsCallParkOrbit p -NumberRangeStart 500 -NumberRangeEnd 400 -CallParkService ApplicationServer:pool01.contoso.com -ErrorAction SilentlyContinue -ErrorVariable e; $e.Count; $null = New-CsCallParkOrbit p -NumberRangeStart 400 -NumberRangeEnd 500 -CallParkService ApplicationServer:pool01.contoso.com; (Get-CsCallParkOrbit p).NumberRangeEnd",
        "1\n500",
    ),
    // A lifetime of a PIN needs a history of it.
    (
        "Set-CsPinPolicy Global -PINLifetime 30 -ErrorAction SilentlyContinue; (Get-CsPinPolicy Global).PINLifetime; Set-CsPinPolicy Global -PINLifetime 30 -PINHistoryCount 5; (Get-CsPinPolicy Global).PINLifetime",
        "0\n30",
    ),
    // A role shows the cmdlets of the role it was made from, and its own.
    (
        "(Get-CsAdminRole CSHelpDesk).Cmdlets.Count -gt 10; $null = New-CsAdminRole Desk -Template CSHelpDesk -Cmdlets Set-CsUser; (Get-CsAdminRole Desk).Cmdlets.Name -contains 'Set-CsUser'",
        "True\nTrue",
    ),
    // An application is known with and without the head of its URI.
    (
        "$null = New-CsTrustedApplicationPool -Identity t.contoso.com -Registrar pool01.contoso.com -Site Tukwila -WarningAction Ignore; $null = New-CsTrustedApplication -ApplicationId t -TrustedApplicationPoolFqdn t.contoso.com -Port 6000; @(Get-CsTrustedApplication -ApplicationId t).Count; $e = New-CsTrustedApplicationEndpoint -TrustedApplicationPoolFqdn t.contoso.com -ApplicationId t -DisplayName A; $e.SipAddress -like 'sip:RtcApplication-*@contoso.com'",
        "1\nTrue",
    ),
    // A policy for everyone is the global one.
    (
        "Grant-CsTeamsUpgradePolicy -PolicyName SfBOnly -Global; (Get-CsTeamsUpgradePolicy Global).Mode",
        "SfBOnly",
    ),
    // What the deployment is made of, read from it.
    (
        "(Get-CsConfigurationStoreLocation).GetType().Name",
        "String",
    ),
    ("(Get-CsAdPrincipal 'Ken Myer').Name", "Ken Myer"),
    // What is named anew keeps those that name it.
    (
        "Set-UMDialPlan TukwilaSip -Name Seattle; (Get-UMDialPlan Seattle).Name; @(Get-UMMailboxPolicy | Where-Object UMDialPlan -eq Seattle).Count -gt 0; $null = New-SharingPolicy P -Domains 'x.com: CalendarSharingFreeBusySimple'; Set-SharingPolicy P -Name Q; (Get-SharingPolicy Q).Name",
        "Seattle\nTrue\nQ",
    ),
    // A number is a time in days.
    (
        "(New-RetentionPolicyTag T -Type Personal -RetentionAction PermanentlyDelete -AgeLimitForRetention 30).AgeLimitForRetention.TotalDays",
        "30",
    ),
    // Without a server, the one that the session is on.
    (
        "Set-ImapSettings -ProtocolLogEnabled $true; (Get-ImapSettings -Server um1).ProtocolLogEnabled; (Get-ImapSettings -Server um2).ProtocolLogEnabled",
        "True\nFalse",
    ),
    // What is made in memory has no name to keep free, and says what was described.
    (
        "1..2 | ForEach-Object { $null = New-CsRgsTimeRange -Name S -OpenTime 08:30 -CloseTime 13:30 }; $r = New-CsVoiceRegex -ExactLength 7 -DigitsToStrip 3 -DigitsToPrepend 425; $r.Pattern; $r.Translation",
        "^\\d{3}(\\d{4})$\n425$1",
    ),
    (
        "Set-CsNetworkConfiguration -MediaBypassSettings (New-CsNetworkMediaBypassConfiguration -AlwaysBypass $true -Enabled $true); $m = (Get-CsNetworkConfiguration).MediaBypassSettings; $m.InternalBypassMode; $m.BypassID.Length",
        "Any\n36",
    ),
    // User data are taken over by name.
    (
        "Export-CsUserData -PoolFqdn pool01.contoso.com -FileName ./all.zip; Convert-CsUserData -InputFile ./all.zip -OutputFile ./one.xml -TargetVersion Current -UserFilter kmyer@contoso.com; @(Get-Content ./one.xml | Select-String 'msRTCSIP-PrimaryUserAddress').Count",
        "1",
    ),
];

/// A deployment collected with Export-Clixml is read as it was.
#[test]
fn collected_files_become_a_deployment() {
    let world = World::new();
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/scripts/Export-RealDeployment.ps1"
    );
    let collect =
        format!("& '{script}' -Path ./collected; (Get-ChildItem ./collected).Count -gt 30");
    assert_eq!(world.answer(&collect).trim(), "True");
    let answer = world.answer(
        "Set-CsUser 'Ken Myer' -LineURI $null; Set-CsVoicePolicy global -AllowSimulRing $false -WarningAction Ignore; \
         Import-TwinDeployment ./collected; (Get-CsUser 'Ken Myer').LineURI; \
         (Get-UMDialPlan TukwilaSip).URIType; (Get-CsUser).Count",
    );
    assert_eq!(answer.trim(), "tel:+14255551201\nSipName\n6");
}

#[test]
fn commands_of_administrators_run() {
    for (command, expected) in COMMANDS {
        let world = World::new();
        assert_eq!(world.answer(command).trim(), *expected, "{command}");
    }
}
