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
];

#[test]
fn commands_of_administrators_run() {
    for (command, expected) in COMMANDS {
        let world = World::new();
        assert_eq!(world.answer(command).trim(), *expected, "{command}");
    }
}
