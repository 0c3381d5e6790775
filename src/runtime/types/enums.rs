//! The .NET enumerations scripts name.

use crate::runtime::class::EnumDefinition;
use crate::runtime::types::{TypeCode, TypeInfo, TypeKind, TypeRef};
use std::rc::Rc;

/// Full name, whether it is a set of flags, members as `Name=value` (counting on when no value stands).
const ENUMS: &[(&str, bool, &str)] = &[
    (
        "System.DayOfWeek",
        false,
        "Sunday Monday Tuesday Wednesday Thursday Friday Saturday",
    ),
    (
        "System.ConsoleColor",
        false,
        "Black DarkBlue DarkGreen DarkCyan DarkRed DarkMagenta DarkYellow Gray DarkGray Blue Green Cyan Red Magenta Yellow White",
    ),
    (
        "System.StringComparison",
        false,
        "CurrentCulture CurrentCultureIgnoreCase InvariantCulture InvariantCultureIgnoreCase Ordinal OrdinalIgnoreCase",
    ),
    (
        "System.StringSplitOptions",
        true,
        "None RemoveEmptyEntries TrimEntries",
    ),
    ("System.DateTimeKind", false, "Unspecified Utc Local"),
    (
        "System.MidpointRounding",
        false,
        "ToEven AwayFromZero ToZero ToNegativeInfinity ToPositiveInfinity",
    ),
    (
        "System.TypeCode",
        false,
        "Empty Object DBNull Boolean Char SByte Byte Int16 UInt16 Int32 UInt32 Int64 UInt64 Single Double Decimal DateTime String=18",
    ),
    (
        "System.UriKind",
        false,
        "RelativeOrAbsolute Absolute Relative",
    ),
    (
        "System.UriHostNameType",
        false,
        "Unknown Basic Dns IPv4 IPv6",
    ),
    (
        "System.UriComponents",
        true,
        "Scheme=1 UserInfo=2 Host=4 Port=8 Path=16 Query=32 Fragment=64",
    ),
    (
        "System.UriFormat",
        false,
        "UriEscaped=1 Unescaped SafeUnescaped",
    ),
    ("System.UriPartial", false, "Scheme Authority Path Query"),
    (
        "System.Base64FormattingOptions",
        true,
        "None InsertLineBreaks",
    ),
    (
        "System.EnvironmentVariableTarget",
        false,
        "Process User Machine",
    ),
    (
        "System.PlatformID",
        false,
        "Win32S Win32Windows Win32NT WinCE Unix Xbox MacOSX Other",
    ),
    (
        "System.Environment+SpecialFolder",
        false,
        "Desktop=0 Programs=2 MyDocuments=5 Personal=5 Favorites=6 Startup=7 Recent=8 SendTo=9 StartMenu=11 MyMusic=13 MyVideos=14 DesktopDirectory=16 MyComputer=17 NetworkShortcuts=19 Fonts=20 Templates=21 CommonStartMenu=22 CommonPrograms=23 CommonStartup=24 CommonDesktopDirectory=25 ApplicationData=26 PrinterShortcuts=27 LocalApplicationData=28 InternetCache=32 Cookies=33 History=34 CommonApplicationData=35 Windows=36 System=37 ProgramFiles=38 MyPictures=39 UserProfile=40 SystemX86=41 ProgramFilesX86=42 CommonProgramFiles=43 CommonDocuments=46",
    ),
    (
        "System.Environment+SpecialFolderOption",
        false,
        "None DoNotVerify=16384 Create=32768",
    ),
    (
        "System.AttributeTargets",
        true,
        "Assembly=1 Module=2 Class=4 Struct=8 Enum=16 Constructor=32 Method=64 Property=128 Field=256 Event=512 Interface=1024 Parameter=2048 Delegate=4096 ReturnValue=8192 GenericParameter=16384 All=32767",
    ),
    (
        "System.Text.RegularExpressions.RegexOptions",
        true,
        "None IgnoreCase=1 Multiline=2 ExplicitCapture=4 Compiled=8 Singleline=16 IgnorePatternWhitespace=32 RightToLeft=64 ECMAScript=256 CultureInvariant=512 NonBacktracking=1024",
    ),
    (
        "System.Text.NormalizationForm",
        false,
        "FormC=1 FormD FormKC=5 FormKD",
    ),
    (
        "System.Globalization.DateTimeStyles",
        true,
        "None AllowLeadingWhite=1 AllowTrailingWhite=2 AllowInnerWhite=4 AllowWhiteSpaces=7 NoCurrentDateDefault=8 AdjustToUniversal=16 AssumeLocal=32 AssumeUniversal=64 RoundtripKind=128",
    ),
    (
        "System.Globalization.TimeSpanStyles",
        true,
        "None AssumeNegative",
    ),
    (
        "System.Globalization.NumberStyles",
        true,
        "None AllowLeadingWhite=1 AllowTrailingWhite=2 AllowLeadingSign=4 Integer=7 AllowTrailingSign=8 AllowParentheses=16 AllowDecimalPoint=32 AllowThousands=64 Number=111 AllowExponent=128 Float=167 AllowCurrencySymbol=256 Currency=383 Any=511 AllowHexSpecifier=512 HexNumber=515 AllowBinarySpecifier=1024 BinaryNumber=1027",
    ),
    (
        "System.Globalization.CompareOptions",
        true,
        "None IgnoreCase=1 IgnoreNonSpace=2 IgnoreSymbols=4 IgnoreKanaType=8 IgnoreWidth=16 NumericOrdering=32 OrdinalIgnoreCase=268435456 StringSort=536870912 Ordinal=1073741824",
    ),
    (
        "System.Globalization.CultureTypes",
        true,
        "NeutralCultures=1 SpecificCultures=2 InstalledWin32Cultures=4 AllCultures=7 UserCustomCulture=8 ReplacementCultures=16",
    ),
    (
        "System.Globalization.CalendarWeekRule",
        false,
        "FirstDay FirstFullWeek FirstFourDayWeek",
    ),
    (
        "System.Globalization.UnicodeCategory",
        false,
        "UppercaseLetter LowercaseLetter TitlecaseLetter ModifierLetter OtherLetter NonSpacingMark SpacingCombiningMark EnclosingMark DecimalDigitNumber LetterNumber OtherNumber SpaceSeparator LineSeparator ParagraphSeparator Control Format Surrogate PrivateUse ConnectorPunctuation DashPunctuation OpenPunctuation ClosePunctuation InitialQuotePunctuation FinalQuotePunctuation OtherPunctuation MathSymbol CurrencySymbol ModifierSymbol OtherSymbol OtherNotAssigned",
    ),
    (
        "System.IO.FileAttributes",
        true,
        "None ReadOnly=1 Hidden=2 System=4 Directory=16 Archive=32 Device=64 Normal=128 Temporary=256 SparseFile=512 ReparsePoint=1024 Compressed=2048 Offline=4096 NotContentIndexed=8192 Encrypted=16384 IntegrityStream=32768 NoScrubData=131072",
    ),
    (
        "System.IO.FileMode",
        false,
        "CreateNew=1 Create Open OpenOrCreate Truncate Append",
    ),
    ("System.IO.FileAccess", true, "Read=1 Write ReadWrite"),
    (
        "System.IO.FileShare",
        true,
        "None Read Write ReadWrite Delete=4 Inheritable=16",
    ),
    (
        "System.IO.SearchOption",
        false,
        "TopDirectoryOnly AllDirectories",
    ),
    ("System.IO.SeekOrigin", false, "Begin Current End"),
    (
        "System.IO.UnixFileMode",
        true,
        "None OtherExecute=1 OtherWrite=2 OtherRead=4 GroupExecute=8 GroupWrite=16 GroupRead=32 UserExecute=64 UserWrite=128 UserRead=256 StickyBit=512 SetGroup=1024 SetUser=2048",
    ),
    (
        "System.IO.Compression.CompressionMode",
        false,
        "Decompress Compress",
    ),
    (
        "System.IO.Compression.CompressionLevel",
        false,
        "Optimal Fastest NoCompression SmallestSize",
    ),
    (
        "System.Diagnostics.ProcessPriorityClass",
        false,
        "Normal=32 Idle=64 High=128 RealTime=256 BelowNormal=16384 AboveNormal=32768",
    ),
    (
        "System.Diagnostics.ProcessWindowStyle",
        false,
        "Normal Hidden Minimized Maximized",
    ),
    ("System.Threading.ApartmentState", false, "STA MTA Unknown"),
    (
        "System.Threading.ThreadState",
        false,
        "Running=0 StopRequested=1 SuspendRequested=2 Background=4 Unstarted=8 Stopped=16 WaitSleepJoin=32 Suspended=64 AbortRequested=128 Aborted=256",
    ),
    (
        "System.Xml.XmlNodeType",
        false,
        "None Element Attribute Text CDATA EntityReference Entity ProcessingInstruction Comment Document DocumentType DocumentFragment Notation Whitespace SignificantWhitespace EndElement EndEntity XmlDeclaration",
    ),
    (
        "System.Net.SecurityProtocolType",
        true,
        "SystemDefault=0 Ssl3=48 Tls=192 Tls11=768 Tls12=3072 Tls13=12288",
    ),
    (
        "System.Net.HttpStatusCode",
        false,
        "Continue=100 SwitchingProtocols Processing EarlyHints OK=200 Created Accepted NonAuthoritativeInformation NoContent ResetContent PartialContent MultiStatus AlreadyReported IMUsed=226 MultipleChoices=300 Ambiguous=300 MovedPermanently=301 Moved=301 Found=302 Redirect=302 SeeOther=303 RedirectMethod=303 NotModified=304 UseProxy Unused TemporaryRedirect=307 RedirectKeepVerb=307 PermanentRedirect=308 BadRequest=400 Unauthorized PaymentRequired Forbidden NotFound MethodNotAllowed NotAcceptable ProxyAuthenticationRequired RequestTimeout Conflict Gone LengthRequired PreconditionFailed RequestEntityTooLarge RequestUriTooLong UnsupportedMediaType RequestedRangeNotSatisfiable ExpectationFailed MisdirectedRequest=421 UnprocessableEntity=422 UnprocessableContent=422 Locked=423 FailedDependency UpgradeRequired=426 PreconditionRequired=428 TooManyRequests RequestHeaderFieldsTooLarge=431 UnavailableForLegalReasons=451 InternalServerError=500 NotImplemented BadGateway ServiceUnavailable GatewayTimeout HttpVersionNotSupported VariantAlsoNegotiates InsufficientStorage LoopDetected NotExtended=510 NetworkAuthenticationRequired",
    ),
    (
        "System.Net.Sockets.AddressFamily",
        false,
        "Unspecified=0 Unix=1 InterNetwork=2 InterNetworkV6=23",
    ),
    (
        "System.Reflection.BindingFlags",
        true,
        "Default=0 IgnoreCase=1 DeclaredOnly=2 Instance=4 Static=8 Public=16 NonPublic=32 FlattenHierarchy=64 InvokeMethod=256 CreateInstance=512 GetField=1024 SetField=2048 GetProperty=4096 SetProperty=8192",
    ),
    (
        "System.Reflection.MemberTypes",
        true,
        "Constructor=1 Event=2 Field=4 Method=8 Property=16 TypeInfo=32 Custom=64 NestedType=128 All=191",
    ),
    (
        "System.Runtime.InteropServices.Architecture",
        false,
        "X86 X64 Arm Arm64 Wasm S390x LoongArch64 Armv6 Ppc64le RiscV64",
    ),
    (
        "System.Security.AccessControl.AccessControlType",
        false,
        "Allow Deny",
    ),
    (
        "System.Security.AccessControl.InheritanceFlags",
        true,
        "None ContainerInherit ObjectInherit",
    ),
    (
        "System.Security.AccessControl.PropagationFlags",
        true,
        "None NoPropagateInherit InheritOnly",
    ),
    (
        "System.Security.AccessControl.FileSystemRights",
        true,
        "ListDirectory=1 ReadData=1 CreateFiles=2 WriteData=2 AppendData=4 CreateDirectories=4 ReadExtendedAttributes=8 WriteExtendedAttributes=16 ExecuteFile=32 Traverse=32 DeleteSubdirectoriesAndFiles=64 ReadAttributes=128 WriteAttributes=256 Write=278 Delete=65536 ReadPermissions=131072 Read=131209 ReadAndExecute=131241 Modify=197055 ChangePermissions=262144 TakeOwnership=524288 Synchronize=1048576 FullControl=2032127",
    ),
    (
        "System.Diagnostics.EventLogEntryType",
        false,
        "Error=1 Warning=2 Information=4 SuccessAudit=8 FailureAudit=16",
    ),
    (
        "System.DirectoryServices.SearchScope",
        false,
        "Base OneLevel Subtree",
    ),
    (
        "System.DirectoryServices.ReferralChasingOption",
        false,
        "None=0 Subordinate=32 External=64 All=96",
    ),
    (
        "System.DirectoryServices.ActiveDirectorySecurityInheritance",
        false,
        "None All Descendents SelfAndChildren Children",
    ),
    (
        "System.DirectoryServices.ActiveDirectoryRights",
        true,
        "CreateChild=1 DeleteChild=2 ListChildren=4 Self=8 ReadProperty=16 WriteProperty=32 DeleteTree=64 ListObject=128 ExtendedRight=256 Delete=65536 ReadControl=131072 GenericExecute=131076 GenericWrite=131112 GenericRead=131220 WriteDacl=262144 WriteOwner=524288 GenericAll=983551 Synchronize=1048576 AccessSystemSecurity=16777216",
    ),
    (
        "System.DirectoryServices.ActiveDirectory.DirectoryContextType",
        false,
        "Domain Forest DirectoryServer ConfigurationSet ApplicationPartition",
    ),
    (
        "System.DirectoryServices.AccountManagement.ContextType",
        false,
        "Machine Domain ApplicationDirectory",
    ),
    (
        "System.DirectoryServices.AccountManagement.ContextOptions",
        true,
        "Negotiate=1 SimpleBind=2 SecureSocketLayer=4 Signing=8 Sealing=16 ServerBind=32",
    ),
    (
        "System.DirectoryServices.AccountManagement.IdentityType",
        false,
        "SamAccountName Name UserPrincipalName DistinguishedName Sid Guid",
    ),
    (
        "Microsoft.Win32.RegistryHive",
        false,
        "ClassesRoot=-2147483648 CurrentUser LocalMachine Users PerformanceData CurrentConfig",
    ),
    (
        "Microsoft.Win32.RegistryValueKind",
        false,
        "None=-1 Unknown String ExpandString Binary DWord MultiString=7 QWord=11",
    ),
    (
        "Microsoft.Win32.RegistryView",
        false,
        "Default=0 Registry64=256 Registry32=512",
    ),
    (
        "System.Drawing.ContentAlignment",
        true,
        "TopLeft=1 TopCenter=2 TopRight=4 MiddleLeft=16 MiddleCenter=32 MiddleRight=64 BottomLeft=256 BottomCenter=512 BottomRight=1024",
    ),
    (
        "System.Drawing.GraphicsUnit",
        false,
        "World Display Pixel Point Inch Document Millimeter",
    ),
    ("System.Drawing.StringAlignment", false, "Near Center Far"),
    (
        "System.Drawing.RotateFlipType",
        false,
        "RotateNoneFlipNone Rotate90FlipNone Rotate180FlipNone Rotate270FlipNone RotateNoneFlipX Rotate90FlipX RotateNoneFlipY Rotate90FlipY",
    ),
    (
        "System.Drawing.Drawing2D.SmoothingMode",
        false,
        "Invalid=-1 Default=0 HighSpeed=1 HighQuality=2 None=3 AntiAlias=4",
    ),
    (
        "System.Drawing.Drawing2D.InterpolationMode",
        false,
        "Invalid=-1 Default=0 Low=1 High=2 Bilinear=3 Bicubic=4 NearestNeighbor=5 HighQualityBilinear=6 HighQualityBicubic=7",
    ),
    (
        "System.Drawing.FontStyle",
        true,
        "Regular Bold Italic Underline=4 Strikeout=8",
    ),
    (
        "System.Security.Cryptography.X509Certificates.X509ContentType",
        false,
        "Unknown Cert SerializedCert Pfx SerializedStore Pkcs7 Authenticode",
    ),
    (
        "System.Security.Cryptography.X509Certificates.X509FindType",
        false,
        "FindByThumbprint FindBySubjectName FindBySubjectDistinguishedName FindByIssuerName FindByIssuerDistinguishedName FindBySerialNumber FindByTimeValid FindByTimeNotYetValid FindByTimeExpired FindByTemplateName FindByApplicationPolicy FindByCertificatePolicy FindByExtension FindByKeyUsage FindBySubjectKeyIdentifier",
    ),
    (
        "System.Security.Cryptography.X509Certificates.X509KeyStorageFlags",
        true,
        "DefaultKeySet UserKeySet MachineKeySet Exportable=4 UserProtected=8 PersistKeySet=16 EphemeralKeySet=32",
    ),
    (
        "System.Security.Cryptography.X509Certificates.X509RevocationFlag",
        false,
        "EndCertificateOnly EntireChain ExcludeRoot",
    ),
    (
        "System.Security.Cryptography.X509Certificates.X509RevocationMode",
        false,
        "NoCheck Online Offline",
    ),
    (
        "System.Security.Cryptography.X509Certificates.StoreLocation",
        false,
        "CurrentUser=1 LocalMachine",
    ),
    (
        "System.Security.Cryptography.X509Certificates.StoreName",
        false,
        "AddressBook=1 AuthRoot CertificateAuthority Disallowed My Root TrustedPeople TrustedPublisher",
    ),
    (
        "System.Security.Cryptography.X509Certificates.OpenFlags",
        true,
        "ReadOnly=0 ReadWrite=1 MaxAllowed=2 OpenExistingOnly=4 IncludeArchived=8",
    ),
    ("System.Net.Mail.MailPriority", false, "Normal Low High"),
    (
        "System.Net.Mail.SmtpDeliveryMethod",
        false,
        "Network SpecifiedPickupDirectory PickupDirectoryFromIis",
    ),
    (
        "System.Net.Mail.DeliveryNotificationOptions",
        true,
        "None=0 OnSuccess=1 OnFailure=2 Delay=4 Never=134217728",
    ),
    (
        "System.Net.NetworkInformation.IPStatus",
        false,
        "Success=0 DestinationNetworkUnreachable=11002 DestinationHostUnreachable=11003 DestinationProhibited=11004 DestinationProtocolUnreachable=11004 DestinationPortUnreachable=11005 NoResources BadOption HardwareError PacketTooBig TimedOut BadRoute=11012 TtlExpired TtlReassemblyTimeExceeded ParameterProblem SourceQuench BadDestination=11018 DestinationUnreachable=11040 TimeExceeded BadHeader UnrecognizedNextHeader IcmpError DestinationScopeMismatch Unknown=-1",
    ),
    (
        "System.Management.Automation.Host.ReadKeyOptions",
        true,
        "AllowCtrlC=1 NoEcho=2 IncludeKeyDown=4 IncludeKeyUp=8",
    ),
    (
        "System.ConsoleKey",
        false,
        "None=0 Backspace=8 Tab=9 Clear=12 Enter=13 Pause=19 Escape=27 Spacebar=32 PageUp End Home LeftArrow UpArrow RightArrow DownArrow Select Print Execute PrintScreen Insert Delete Help D0 D1 D2 D3 D4 D5 D6 D7 D8 D9 A=65 B C D E F G H I J K L M N O P Q R S T U V W X Y Z LeftWindows RightWindows Applications Sleep=95 NumPad0 NumPad1 NumPad2 NumPad3 NumPad4 NumPad5 NumPad6 NumPad7 NumPad8 NumPad9 Multiply Add Separator Subtract Decimal Divide F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12",
    ),
    (
        "System.Net.Sockets.SocketError",
        false,
        "SocketError=-1 Success=0 OperationAborted=995 IOPending=997 Interrupted=10004 AccessDenied=10013 Fault InvalidArgument=10022 TooManyOpenSockets=10024 WouldBlock=10035 InProgress AlreadyInProgress NotSocket DestinationAddressRequired MessageSize ProtocolType ProtocolOption ProtocolNotSupported SocketNotSupported OperationNotSupported ProtocolFamilyNotSupported AddressFamilyNotSupported AddressAlreadyInUse AddressNotAvailable NetworkDown NetworkUnreachable NetworkReset ConnectionAborted ConnectionReset NoBufferSpaceAvailable IsConnected NotConnected Shutdown TimedOut=10060 ConnectionRefused HostDown=10064 HostUnreachable ProcessLimit=10067 SystemNotReady=10091 VersionNotSupported NotInitialized Disconnecting=10101 TypeNotFound=10109 HostNotFound=11001 TryAgain NoRecovery NoData",
    ),
    (
        "System.Data.ConnectionState",
        true,
        "Closed=0 Open=1 Connecting=2 Executing=4 Fetching=8 Broken=16",
    ),
    (
        "System.Data.CommandType",
        false,
        "Text=1 StoredProcedure=4 TableDirect=512",
    ),
    (
        "System.Security.Principal.WindowsBuiltInRole",
        false,
        "Administrator=544 User Guest PowerUser AccountOperator SystemOperator PrintOperator BackupOperator Replicator",
    ),
    (
        "System.ServiceProcess.ServiceControllerStatus",
        false,
        "Stopped=1 StartPending StopPending Running ContinuePending PausePending Paused",
    ),
    (
        "System.ServiceProcess.ServiceStartMode",
        false,
        "Boot=0 System Automatic Manual Disabled",
    ),
    (
        "System.ComponentModel.ListSortDirection",
        false,
        "Ascending Descending",
    ),
    (
        "System.Management.Automation.ActionPreference",
        false,
        "SilentlyContinue Stop Continue Inquire Ignore Suspend Break",
    ),
    (
        "System.Management.Automation.ConfirmImpact",
        false,
        "None Low Medium High",
    ),
    (
        "System.Management.Automation.CommandTypes",
        true,
        "Alias=1 Function=2 Filter=4 Cmdlet=8 ExternalScript=16 Application=32 Script=64 Configuration=256 All=383",
    ),
    (
        "System.Management.Automation.PSMemberTypes",
        true,
        "AliasProperty=1 CodeProperty=2 Property=4 NoteProperty=8 ScriptProperty=16 Properties=31 PropertySet=32 Method=64 CodeMethod=128 ScriptMethod=256 Methods=448 ParameterizedProperty=512 MemberSet=1024 Event=2048 Dynamic=4096 InferredProperty=8192 All=16383",
    ),
    (
        "System.Management.Automation.PSMemberViewTypes",
        true,
        "Extended=1 Adapted=2 Base=4 All=7",
    ),
    (
        "System.Management.Automation.ScopedItemOptions",
        true,
        "None ReadOnly Constant Private=4 AllScope=8 Unspecified=16",
    ),
    (
        "System.Management.Automation.SessionStateEntryVisibility",
        false,
        "Public Private",
    ),
    (
        "System.Management.Automation.ErrorCategory",
        false,
        crate::runtime::error::Category::NAMES,
    ),
    (
        "System.Management.Automation.ErrorView",
        false,
        "NormalView CategoryView ConciseView DetailedView",
    ),
    (
        "System.Management.Automation.OutputRendering",
        false,
        "Host PlainText Ansi",
    ),
    (
        "System.Management.Automation.ProgressView",
        false,
        "Minimal Classic",
    ),
    (
        "System.Management.Automation.ModuleAccessMode",
        false,
        "ReadWrite ReadOnly Constant",
    ),
    (
        "System.Management.Automation.ModuleType",
        false,
        "Script Binary Manifest Cim Workflow",
    ),
    (
        "System.Management.Automation.JobState",
        false,
        "NotStarted Running Completed Failed Stopped Blocked Suspended Disconnected Suspending Stopping AtBreakpoint",
    ),
    (
        "System.Management.Automation.PSLanguageMode",
        false,
        "FullLanguage RestrictedLanguage NoLanguage ConstrainedLanguage",
    ),
    (
        "System.Management.Automation.NativeArgumentPassingStyle",
        false,
        "Legacy Standard Windows",
    ),
    (
        "System.Management.Automation.CompletionResultType",
        false,
        "Text History Command ProviderItem ProviderContainer Property Method ParameterName ParameterValue Variable Namespace Type Keyword DynamicKeyword",
    ),
    (
        "System.Management.Automation.WildcardOptions",
        true,
        "None Compiled IgnoreCase CultureInvariant=4",
    ),
    (
        "System.Management.Automation.WhereOperatorSelectionMode",
        false,
        "Default First Last SkipUntil Until Split",
    ),
    (
        "System.Management.Automation.ReturnContainers",
        false,
        "ReturnMatchingContainers ReturnAllContainers",
    ),
    (
        "System.Management.Automation.PSCredentialTypes",
        true,
        "Generic=1 Domain=2 Default=3",
    ),
    (
        "System.Management.Automation.PSCredentialUIOptions",
        true,
        "None ValidateUserNameSyntax AlwaysPrompt Default=1 ReadOnlyUserName=3",
    ),
    (
        "System.Management.Automation.SplitOptions",
        true,
        "SimpleMatch=1 RegexMatch=2 CultureInvariant=4 IgnorePatternWhitespace=8 Multiline=16 Singleline=32 IgnoreCase=64 ExplicitCapture=128",
    ),
    (
        "System.Management.Automation.ValidateRangeKind",
        false,
        "Positive NonNegative Negative NonPositive",
    ),
    (
        "System.Management.Automation.PSInvocationState",
        false,
        "NotStarted Running Stopping Stopped Completed Failed Disconnected",
    ),
    (
        "System.Management.Automation.ProgressRecordType",
        false,
        "Processing Completed",
    ),
    (
        "System.Management.Automation.ShouldProcessReason",
        true,
        "None WhatIf",
    ),
    (
        "System.Management.Automation.CommandOrigin",
        false,
        "Runspace Internal",
    ),
    (
        "System.Management.Automation.ProviderCapabilities",
        true,
        "None Include=1 Exclude=2 Filter=4 ExpandWildcards=8 ShouldProcess=16 Credentials=32 Transactions=64",
    ),
    (
        "System.Management.Automation.Runspaces.RunspaceState",
        false,
        "BeforeOpen Opening Opened Closed Closing Broken Disconnecting Disconnected Connecting",
    ),
    (
        "System.Management.Automation.ExperimentAction",
        false,
        "None Show Hide",
    ),
    (
        "System.Management.Automation.SwitchParameterState",
        false,
        "None",
    ),
    (
        "System.Management.Automation.PSTokenType",
        false,
        "Unknown Command CommandParameter CommandArgument Number String Variable Member LoopLabel Attribute Type Operator GroupStart GroupEnd Keyword Comment StatementSeparator NewLine LineContinuation Position",
    ),
    (
        "System.Management.Automation.Language.TokenKind",
        false,
        "Unknown Variable SplattedVariable Parameter Number Label Identifier Generic NewLine LineContinuation Comment EndOfInput StringLiteral=12 StringExpandable HereStringLiteral HereStringExpandable LParen=16 RParen LCurly RCurly LBracket RBracket AtParen AtCurly DollarParen Semi AndAnd OrOr Ampersand Pipe Comma MinusMinus PlusPlus DotDot ColonColon Dot Exclaim Multiply Divide Rem Plus Minus Equals PlusEquals MinusEquals MultiplyEquals DivideEquals RemainderEquals Redirection RedirectInStd Format Not Bnot And Or Xor Band Bor Bxor Join Ieq Ine Ige Igt Ilt Ile Ilike Inotlike Imatch Inotmatch Ireplace Icontains Inotcontains Iin Inotin Isplit Ceq Cne Cge Cgt Clt Cle Clike Cnotlike Cmatch Cnotmatch Creplace Ccontains Cnotcontains Cin Cnotin Csplit Is IsNot As PostfixPlusPlus PostfixMinusMinus Shl Shr Colon QuestionMark QuestionQuestionEquals QuestionQuestion QuestionDot QuestionLBracket Begin=119 Break Catch Class Continue Data Define Do Dynamicparam Else ElseIf End Exit Filter Finally For Foreach From Function If In Param Process Return Switch Throw Trap Try Until Using Var While Workflow Parallel Sequence InlineScript Configuration DynamicKeyword Public Private Static Interface Enum Namespace Module Type Assembly Command Hidden Base Default Clean",
    ),
    (
        "System.Management.Automation.Language.TokenFlags",
        true,
        "None BinaryPrecedenceLogical=1 BinaryPrecedenceBitwise=2 BinaryPrecedenceComparison=5 BinaryPrecedenceCoalesce=7 BinaryPrecedenceAdd=9 BinaryPrecedenceMultiply=10 BinaryPrecedenceFormat=12 BinaryPrecedenceRange=13 Keyword=16 ScriptBlockBlockName=32 BinaryOperator=256 UnaryOperator=512 CaseSensitiveOperator=1024 TernaryOperator=2048 SpecialOperator=4096 AssignmentOperator=8192 ParseModeInvariant=32768 TokenInError=65536 DisallowedInRestrictedMode=131072 PrefixOrPostfixOperator=262144 CommandName=524288 MemberName=1048576 TypeName=2097152 AttributeName=4194304 CanConstantFold=8388608 StatementDoesntSupportAttributes=16777216",
    ),
    (
        "System.Management.Automation.Language.StringConstantType",
        false,
        "SingleQuoted SingleQuotedHereString DoubleQuoted DoubleQuotedHereString BareWord",
    ),
    (
        "System.Management.Automation.Language.AstVisitAction",
        false,
        "Continue SkipChildren StopVisit",
    ),
    (
        "System.Management.Automation.Language.UsingStatementKind",
        false,
        "Assembly Command Module Namespace Type",
    ),
    (
        "System.Management.Automation.Language.RedirectionStream",
        false,
        "All Output Error Warning Verbose Debug Information",
    ),
    (
        "System.Management.Automation.Language.SwitchFlags",
        true,
        "None File=1 Regex=2 Wildcard=4 Exact=8 CaseSensitive=16 Parallel=32",
    ),
    (
        "System.Management.Automation.Language.TypeAttributes",
        true,
        "None Class=1 Interface=2 Enum=4",
    ),
    (
        "System.Management.Automation.Language.PropertyAttributes",
        true,
        "None Public=1 Private=2 Static=16 Literal=32 Hidden=64",
    ),
    (
        "System.Management.Automation.Language.MethodAttributes",
        true,
        "None Public=1 Private=2 Static=16 Hidden=64",
    ),
    (
        "System.Management.Automation.Language.ForEachFlags",
        false,
        "None Parallel",
    ),
    (
        "Microsoft.PowerShell.Commands.OpenMode",
        false,
        "Add New Overwrite",
    ),
    (
        "Microsoft.PowerShell.Commands.TestPathType",
        false,
        "Any Container Leaf",
    ),
    (
        "Microsoft.PowerShell.ExecutionPolicy",
        false,
        "Unrestricted RemoteSigned AllSigned Restricted Default=3 Bypass Undefined",
    ),
    (
        "Microsoft.PowerShell.ExecutionPolicyScope",
        false,
        "Process CurrentUser LocalMachine UserPolicy MachinePolicy",
    ),
    (
        "Microsoft.PowerShell.Commands.FileSystemCmdletProviderEncoding",
        false,
        "Unknown String Unicode Byte BigEndianUnicode UTF8 UTF7 UTF32 Ascii Default Oem BigEndianUTF32",
    ),
    (
        "Microsoft.PowerShell.Commands.WebRequestMethod",
        false,
        "Default Get Head Post Put Delete Trace Options Merge Patch",
    ),
    (
        "Microsoft.PowerShell.Commands.DisplayHintType",
        false,
        "Date Time DateTime",
    ),
];

/// The enumeration of this full name, if the table has it.
pub fn build(name: &str) -> Option<TypeRef> {
    let &(full, flags, members) = ENUMS
        .iter()
        .find(|(full, ..)| full.eq_ignore_ascii_case(name))?;
    let mut next = 0;
    let mut list: Vec<(Rc<str>, i64)> = Vec::new();
    for member in members.split(' ') {
        let (member, value) = match member.split_once('=') {
            Some((member, value)) => (member, value.parse().unwrap_or(next)),
            None => (member, next),
        };
        next = value + 1;
        list.push((member.into(), value));
    }
    let definition = EnumDefinition {
        members: list,
        flags,
        underlying: TypeCode::Int,
    };
    let kind = TypeKind::Enum(Rc::new(definition));
    Some(TypeInfo::plain(
        full,
        crate::runtime::types::find_full("System.Enum"),
        TypeCode::Enum,
        kind,
    ))
}

/// Full names of all enumerations in the table, for completion.
pub fn names() -> impl Iterator<Item = &'static str> {
    ENUMS.iter().map(|(full, ..)| *full)
}
