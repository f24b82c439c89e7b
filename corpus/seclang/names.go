package seclang

import "strings"

// A known set of names, by their lower-case form: the engines compare without
// regard to case. The value is the spelling of the reference manual.
type names map[string]string

func nameSet(spellings string) names {
	m := names{}
	for _, s := range strings.Fields(spellings) {
		m[strings.ToLower(s)] = s
	}
	return m
}

// find is the manual's spelling of a name.
func (n names) find(s string) (string, bool) {
	v, ok := n[strings.ToLower(s)]
	return v, ok
}

// directives are those of ModSecurity 2.9, libmodsecurity 3.0 and Coraza 3,
// and the ones that ModSecurity 2 dropped along the way. They are known so
// that a misspelt one is not taken for one without patterns.
var directives = nameSet(`
	SecAction SecArgumentSeparator SecArgumentsLimit SecAuditEngine SecAuditLog SecAuditLog2
	SecAuditLogDir SecAuditLogDirMode SecAuditLogFileMode SecAuditLogFormat SecAuditLogParts
	SecAuditLogPrefix SecAuditLogRelevantStatus SecAuditLogStorageDir SecAuditLogType
	SecCacheTransformations SecChrootDir SecCollectionTimeout SecComponentSignature SecConnEngine
	SecConnReadStateLimit SecConnWriteStateLimit SecContentInjection SecCookieFormat
	SecCookieV0Separator SecDataDir SecDataset SecDebugLog SecDebugLogLevel SecDefaultAction
	SecDisableBackendCompression SecEncryptionEngine SecEncryptionKey SecEncryptionMethodPm
	SecEncryptionMethodRx SecEncryptionParam SecGeoLookupDb SecGsbLookupDb SecGuardianLog
	SecHashEngine SecHashKey SecHashMethodPm SecHashMethodRx SecHashParam SecHttpBlKey
	SecIgnoreRuleCompilationErrors SecInterceptOnError SecMarker SecParseXmlIntoArgs
	SecPcreMatchLimit SecPcreMatchLimitRecursion SecPdfProtect SecPdfProtectInterceptGETOnly
	SecPdfProtectMethod SecPdfProtectSecret SecPdfProtectTimeout SecPdfProtectTokenName
	SecReadStateLimit SecRemoteRules SecRemoteRulesFailAction SecRemoteTimeout
	SecRequestBodyAccess SecRequestBodyInMemoryLimit SecRequestBodyJsonDepthLimit
	SecRequestBodyLimit SecRequestBodyLimitAction SecRequestBodyNoFilesLimit SecRequestEncoding
	SecResponseBodyAccess SecResponseBodyLimit SecResponseBodyLimitAction SecResponseBodyMimeType
	SecResponseBodyMimeTypesClear SecRule SecRuleEngine SecRuleInheritance SecRulePerfTime
	SecRuleRemoveById SecRuleRemoveByMsg SecRuleRemoveByTag SecRuleScript
	SecRuleUpdateActionById SecRuleUpdateTargetById SecRuleUpdateTargetByMsg
	SecRuleUpdateTargetByTag SecRxPreFilter SecSensorId SecServerSignature SecStatusEngine
	SecStreamInBodyInspection SecStreamOutBodyInspection SecTmpDir SecTmpSaveUploadedFiles
	SecUnicodeCodePage SecUnicodeMap SecUnicodeMapFile SecUploadDir SecUploadFileLimit
	SecUploadFileMode SecUploadKeepFiles SecWebAppId SecWriteStateLimit SecXmlExternalEntity
`)

// actions are those of the three engines.
var actions = nameSet(`
	accuracy allow append auditlog block capture chain ctl deny deprecatevar drop exec expirevar
	id initcol log logdata maturity msg multiMatch noauditlog nolog pass pause phase prepend proxy
	redirect rev sanitiseArg sanitiseMatched sanitiseMatchedBytes sanitiseRequestHeader
	sanitiseResponseHeader sanitizeArg sanitizeMatched sanitizeMatchedBytes sanitizeRequestHeader
	sanitizeResponseHeader setenv setrsc setsid setuid setvar severity skip skipAfter status t tag
	ver xmlns
`)

// transformations are those of the three engines.
var transformations = nameSet(`
	base64Decode base64DecodeExt base64Encode cmdLine compressWhitespace cssDecode escapeSeqDecode
	hexDecode hexEncode htmlEntityDecode jsDecode length lowercase md5 none normalizePath
	normalizePathWin parityEven7bit parityOdd7bit parityZero7bit removeComments
	removeCommentsChar removeNulls removeWhitespace replaceComments replaceNulls sha1
	sqlHexDecode trim trimLeft trimRight uppercase urlDecode urlDecodeUni urlEncode utf8toUnicode
`)

// findTransformation is the manual's spelling of a transformation; the two
// spellings of normalize are one.
func findTransformation(s string) (string, bool) {
	if v, ok := transformations.find(s); ok {
		return v, true
	}
	low := strings.ToLower(s)
	return transformations.find(strings.Replace(low, "normalise", "normalize", 1))
}

// operators are those of the three engines.
var operators = nameSet(`
	beginsWith contains containsWord detectSQLi detectXSS endsWith eq fuzzyHash ge geoLookup
	gsbLookup gt inspectFile ipMatch ipMatchF ipMatchFromDataset ipMatchFromFile le lt noMatch pm
	pmf pmFromDataset pmFromFile rbl restpath rsub rx rxGlobal streq strmatch unconditionalMatch
	validateByteRange validateDTD validateHash validateNid validateSchema validateUrlEncoding
	validateUtf8Encoding verifyCC verifyCPF verifySSN verifySVNR within
`)

// phases are the names and numbers of the processing phases.
var phases = map[string]string{
	"1": "1", "2": "2", "3": "3", "4": "4", "5": "5",
	"request": "2", "response": "4", "logging": "5",
}

// defaultPhase is where a rule runs that names none.
const defaultPhase = "2"
