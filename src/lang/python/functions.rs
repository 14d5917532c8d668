//! Functions and methods that only reshape a value, by their names.

/// Methods whose result depends on nothing but the text and their arguments.
pub(crate) fn is_method(name: &str) -> bool {
    matches!(
        name,
        "encode"
            | "decode"
            | "strip"
            | "lstrip"
            | "rstrip"
            | "lower"
            | "upper"
            | "title"
            | "hex"
            | "hexdigest"
            | "digest"
            | "format"
            | "format_map"
            | "replace"
            | "join"
            | "ljust"
            | "rjust"
            | "zfill"
            | "get_secret_value"
    )
}

/// Functions whose result depends on nothing but their arguments.
pub(crate) fn is_conversion(name: &str) -> bool {
    matches!(
        name,
        "str"
            | "bytes"
            | "bytearray"
            | "unicode"
            | "repr"
            | "SecretStr"
            | "SecretBytes"
            | "Secret"
            | "force_bytes"
            | "force_str"
            | "force_text"
            | "smart_str"
            | "smart_bytes"
            | "to_bytes"
            | "want_bytes"
            | "b64decode"
            | "b64encode"
            | "urlsafe_b64decode"
            | "urlsafe_b64encode"
            | "standard_b64decode"
            | "b32decode"
            | "b32encode"
            | "a85decode"
            | "b85decode"
            | "unhexlify"
            | "hexlify"
            | "fromhex"
            | "md5"
            | "sha1"
            | "sha224"
            | "sha256"
            | "sha384"
            | "sha512"
            | "sha3_256"
            | "blake2b"
            | "blake2s"
            | "quote"
            | "UUID"
            | "mark_safe"
            | "dedent"
    )
}
