Set-CsAccessEdgeConfiguration -AllowFederatedUsers $True
New-CsHostingProvider -Identity "Exchange Online" -Enabled $True -EnabledSharedAddressSpace $True -HostsOCSUsers $False -ProxyFqdn "exap.um.outlook.com" -IsLocal $False -VerificationLevel UseSourceVerification
Get-CsManagementStoreReplicationStatus
Get-CsHostingProvider -LocalStore          # on the Edge Server: before replication nothing, after it the provider
