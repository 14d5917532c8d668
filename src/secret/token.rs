//! The formats by which vendors' secrets can be told from any other text.

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

/// A vendor's secret: whose, and its shape as a regular expression. The part
/// that must not be shown is group 1.
///
/// From the vendors' own pages on key formats and secret scanning; lengths are
/// lower bounds, since vendors have lengthened keys before.
pub(super) const FORMATS: &[(&str, &str)] = &[
    ("AWS", r"\b((?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{12,})\b"),
    ("GitHub", r"\b(gh[opusr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})"),
    ("GitLab", r"\b(gl(?:pat|ptt|dt|rt|cbt|soat|ft|imt|agent|oas|ffct)-[\w-]{15,})"),
    ("Slack", r"\b(xox[abeoprs]-[\w-]{10,}|xapp-\d-[\w-]{10,})"),
    ("Slack", r"hooks\.slack\.com/(?:services|workflows|triggers)/([\w/-]{10,})"),
    ("Discord", r"discord(?:app)?\.com/api/webhooks/(\d+/[\w-]{20,})"),
    ("Stripe", r"\b((?:sk|rk)_(?:live|test)_\w{8,}|whsec_[\w+/=]{8,})"),
    ("Google", r"\b(AIza[\w-]{20,}|GOCSPX-[\w-]{15,}|ya29\.[\w-]{15,})"),
    ("SendGrid", r"\b(SG\.[\w-]{10,}\.[\w-]{10,})"),
    ("Anthropic", r"\b(sk-ant-[\w-]{10,})"),
    ("OpenAI", r"\b(sk-(?:proj|svcacct|admin|or)-[\w-]{10,}|sk-[A-Za-z0-9]{20,})"),
    ("Groq", r"\b(gsk_\w{16,})"),
    ("xAI", r"\b(xai-\w{20,})"),
    ("Perplexity", r"\b(pplx-\w{20,})"),
    ("Hugging Face", r"\b(hf_[A-Za-z0-9]{20,})"),
    ("Replicate", r"\b(r8_\w{20,})"),
    ("Twilio", r"\b((?:SK|AC)[0-9a-f]{32})\b"),
    ("npm", r"\b(npm_[A-Za-z0-9]{20,})"),
    ("PyPI", r"\b(pypi-[\w-]{16,})"),
    ("Mailgun", r"\b(key-[0-9a-f]{32})\b"),
    ("Mailchimp", r"\b([0-9a-f]{32}-us\d{1,2})\b"),
    ("Brevo", r"\b(x(?:key|smtp)sib-[\w-]{20,})"),
    ("Resend", r"\b(re_[A-Za-z0-9]{6,}_[A-Za-z0-9]{16,})"),
    ("DigitalOcean", r"\b(do[opr]_v1_[0-9a-f]{32,})"),
    ("Square", r"\b(sq0[a-z]{3}-[\w-]{20,})"),
    ("Shopify", r"\b(shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32})"),
    ("Telegram", r"\b(\d{8,10}:AA[\w-]{33})"),
    ("Databricks", r"\b(dapi[0-9a-f]{32})"),
    ("Atlassian", r"\b(ATATT3[\w=-]{20,})"),
    ("Linear", r"\b(lin_api_\w{20,})"),
    ("Notion", r"\b(ntn_\w{20,}|secret_[A-Za-z0-9]{43})\b"),
    ("Sentry", r"\b(sntry[su]_[\w+/=]{20,})"),
    ("HashiCorp", r"\b(hv[sbr]\.[\w-]{20,})"),
    ("Grafana", r"\b(gl(?:sa|c)_[\w+/=]{20,})"),
    ("Supabase", r"\b(sbp_[0-9a-f]{32,}|sb_secret_[\w-]{20,})"),
    ("Azure", r"AccountKey=([A-Za-z0-9+/]{40,}={0,2})"),
    ("JSON Web Token", r"\b(eyJ[\w-]{8,}\.[\w-]{8,}\.?[\w-]*)"),
    ("age", r"\b(AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{50,})"),
    ("Fernet", r"\b(gAAAAA[\w-]{20,}={0,2})"),
    (
        "private key",
        r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----\s*([A-Za-z0-9+/=\\ ]*)",
    ),
];

/// ASCII only: `\w` of all Unicode makes the set a hundred times as large.
static ANY: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    RegexSetBuilder::new(FORMATS.iter().map(|(_, shape)| shape)).unicode(false).build().ok()
});

/// The vendor whose secret's format occurs in a text, if any.
pub(crate) fn vendor_secret(text: &str) -> Option<&'static str> {
    let first = ANY.as_ref()?.matches(text).iter().next()?;
    FORMATS.get(first).map(|(vendor, _)| *vendor)
}

/// The format of that number in the table, compiled.
pub(super) fn compiled(number: usize) -> Option<Regex> {
    let (_, shape) = FORMATS.get(number)?;
    RegexBuilder::new(shape).unicode(false).build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_compiles() {
        assert!((0..FORMATS.len()).all(|number| compiled(number).is_some()));
        assert!(ANY.is_some());
    }

    #[test]
    fn vendors_are_recognised() {
        // put together here, so that no scanner takes this file for a leak
        let cases = [
            ("AKIA", "IOSFODNN7EXAMPLE", Some("AWS")),
            ("gh", "p_0123456789abcdefghijklmnopqrstuvwxyz", Some("GitHub")),
            ("sk_", "live_0123456789abcdef", Some("Stripe")),
            ("sk-", "ant-api03-0123456789", Some("Anthropic")),
            ("pk_", "live_0123456789abcdef", None),
            ("plain", " words", None),
            ("task-", "management-and-more-and-more", None),
        ];
        for (start, rest, expected) in cases {
            assert_eq!(vendor_secret(&format!("{start}{rest}")), expected, "{start}");
        }
    }
}
