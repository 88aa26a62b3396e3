//! Chat, mail and telephone services.

use super::Shape;

pub(super) const SHAPES: &[Shape] = &[
    Shape::sharp("slack-token", &["xoxa-", "xoxb-", "xoxc-", "xoxd-", "xoxe-", "xoxe.", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xoxt-"], r"xox[a-eo-t](?:\.xox[a-z])?-[0-9A-Za-z%/+=-]{10,}"),
    Shape::sharp("slack-token", &["xapp-", "xwfp-"], r"x(?:app|wfp)-[0-9A-Za-z-]{20,}"),
    Shape::sharp("slack-webhook", &["hooks.slack.com/"], r"(?i:hooks\.slack\.com)/(?:services|workflows|triggers)/([0-9A-Za-z+/_-]{20,})"),
    Shape::sharp("teams-webhook", &["webhook.office.com/"], r"(?i:webhook\.office\.com)/webhookb2/([0-9A-Za-z@/_-]{40,})"),
    Shape::sharp("discord-webhook", &["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"], r"(?i:discord(?:app)?\.com)/api/webhooks/[0-9]{10,24}/([0-9A-Za-z_-]{40,})"),
    Shape::word("discord-token", &["md", "mt", "mj", "mz", "nd", "nt", "nj", "nz", "od", "ot", "oj", "oz"], r"[MNO][DTjz][0-9A-Za-z_-]{21,26}\.[0-9A-Za-z_-]{6}\.[0-9A-Za-z_-]{27,38}").random(4.0),
    Shape::assigned("discord-secret", &["discord"], r"[MNO][0-9A-Za-z_-]{23,28}\.[0-9A-Za-z_-]{6}\.[0-9A-Za-z_-]{27,38}|[0-9A-Za-z_-]{32}|[0-9a-f]{64}").random(3.3),
    Shape::sharp("telegram-token", &[":aa"], r":(AA[0-9A-Za-z_-]{33})(?:[^0-9A-Za-z_-]|\z)").random(4.0),
    Shape::word("twilio-key", &["sk"], r"(SK[0-9a-f]{32})(?:[^0-9A-Za-z]|\z)"),
    Shape::assigned("twilio-token", &["twilio"], r"[0-9a-f]{32}"),
    Shape::sharp("sendgrid-key", &["sg."], r"SG\.[0-9A-Za-z_-]{16,32}\.[0-9A-Za-z_-]{16,64}"),
    Shape::word("mailgun-key", &["key-", "pubkey-"], r"((?:pub)?key-[0-9a-f]{32})(?:[^0-9A-Za-z]|\z)"),
    Shape::assigned("mailgun-key", &["mailgun"], r"[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}|[0-9a-f]{32}"),
    Shape::back("mailchimp-key", 32, &["-us"], r"[0-9a-f]{32}-us[0-9]{1,2}"),
    Shape::word("mandrill-key", &["md-"], r"md-[0-9A-Za-z_-]{22}").random(3.5),
    Shape::sharp("brevo-key", &["xkeysib-", "xsmtpsib-"], r"x(?:key|smtp)sib-[0-9a-f]{64}-[0-9A-Za-z]{16}"),
    Shape::word("resend-key", &["re_"], r"re_[0-9A-Za-z]{8}_[0-9A-Za-z]{20,}").random(3.5),
    Shape::assigned("postmark-token", &["postmark"], r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    Shape::assigned("mattermost-token", &["mattermost"], r"[0-9a-z]{26}"),
    Shape::assigned("vonage-secret", &["vonage", "nexmo"], r"[0-9A-Za-z]{16}").random(3.0),
    Shape::word("matrix-token", &["syt_", "mat_"], r"(?:syt_[0-9A-Za-z+/=]+_[0-9A-Za-z]{20}_[0-9A-Za-z]{6}|mat_[0-9A-Za-z]{32,})"),
];
