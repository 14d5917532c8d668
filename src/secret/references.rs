//! Values that stand for a secret which is kept elsewhere, or that hold it sealed.

/// With what such values begin: an address of a store, a file, a sealed text.
const STARTS: &[&str] = &[
    "arn:aws",
    "op://",
    "vault:",
    "ref+",
    "secretref:",
    "file:/",
    "projects/",
    "encrypted:",
    "ENC[",
    "ENC(",
    "@Microsoft.KeyVault",
    "ssm:/",
    "sm://",
    "gcp:secretmanager",
    "gcp:///",
    "awssm://",
    "azurekv://",
    "keyvault://",
    "doppler://",
    "infisical://",
    "akeyless:",
    "bws://",
    "keyring:",
    "pass:",
    "/run/secrets/",
    "/var/run/secrets/",
    "/etc/",
    "$ANSIBLE_VAULT;",
    "!vault",
    "age1",
    "age-encryption.org/",
    "-----BEGIN AGE ENCRYPTED FILE-----",
    "-----BEGIN PGP MESSAGE-----",
    "AQICAH",
    "secure:",
    "sops:",
    "DPAPI:",
];

/// The beginning by which a value is such a one.
pub(crate) fn start(value: &str) -> Option<&'static str> {
    let value = value.trim();
    let begins = |start: &&&str| value.starts_with(**start);
    STARTS.iter().find(begins).copied().filter(|start| match *start {
        // a key pair's public half is as long as any
        "age1" => value.len() >= 40 && value.bytes().all(|b| b.is_ascii_alphanumeric()),
        "AQICAH" => value.len() >= 100,
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::start;

    #[test]
    fn what_is_elsewhere_is_told() {
        for value in [
            "op://vault/item/field",
            "ENC[AES256_GCM,data:abc,iv:def,tag:ghi,type:str]",
            "$ANSIBLE_VAULT;1.1;AES256 62313365",
            "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kf5sfl0sqk7l2qw",
            "gcp:///projects/1/secrets/app/versions/latest",
        ] {
            assert!(start(value).is_some(), "{value}");
        }
        for value in ["age1", "age1-of-kings", "9f2c1b7e4d8a6053", "passage", "AQICAHx9"] {
            assert_eq!(start(value), None, "{value}");
        }
    }
}
