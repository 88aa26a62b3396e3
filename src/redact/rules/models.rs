//! Providers of language models.

use super::Shape;

pub(super) const SHAPES: &[Shape] = &[
    Shape::word("anthropic-key", &["sk-ant-"], r"sk-ant-[0-9A-Za-z_-]{20,}"),
    Shape::word("openrouter-key", &["sk-or-"], r"sk-or-[0-9A-Za-z_-]{20,}"),
    Shape::word(
        "langfuse-key",
        &["sk-lf-"],
        r"sk-lf-[0-9a-f]{8}-[0-9a-f-]{27}",
    ),
    Shape::word(
        "openai-key",
        &[
            "sk-proj-",
            "sk-svcacct-",
            "sk-admin-",
            "sk-service-",
            "sk-none-",
        ],
        r"sk-(?:proj|svcacct|admin|service|None)-[0-9A-Za-z_-]{20,}",
    ),
    Shape::word(
        "openai-key",
        &["sk-"],
        r"sk-[0-9A-Za-z]{20}T3BlbkFJ[0-9A-Za-z]{20}",
    ),
    // The same prefix is in use by many providers that speak OpenAI's format.
    Shape::word("model-key", &["sk-"], r"sk-[0-9A-Za-z_-]{30,}").random(3.0),
    Shape::word(
        "huggingface-token",
        &["hf_", "api_org_"],
        r"(?:hf|api_org)_[0-9A-Za-z]{30,}",
    ),
    Shape::sharp("google-api-key", &["aiza"], r"AIza[0-9A-Za-z_-]{35}"),
    Shape::word("gemini-key", &["aq.ab"], r"AQ\.Ab[0-9A-Za-z_-]{40,}"),
    Shape::word("groq-key", &["gsk_"], r"gsk_[0-9A-Za-z]{40,}"),
    Shape::word("xai-key", &["xai-"], r"xai-[0-9A-Za-z]{40,}"),
    Shape::word("perplexity-key", &["pplx-"], r"pplx-[0-9A-Za-z]{32,}"),
    Shape::word("replicate-token", &["r8_"], r"r8_[0-9A-Za-z]{37}"),
    Shape::word("nvidia-key", &["nvapi-"], r"nvapi-[0-9A-Za-z_-]{40,}"),
    Shape::word("fireworks-key", &["fw_"], r"fw_[0-9A-Za-z]{22,}").random(3.5),
    Shape::word("cerebras-key", &["csk-"], r"csk-[0-9A-Za-z]{40,}"),
    Shape::word(
        "langsmith-key",
        &["lsv2_"],
        r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}",
    ),
    Shape::word("pinecone-key", &["pcsk_"], r"pcsk_[0-9A-Za-z_]{40,}"),
    Shape::word("tavily-key", &["tvly-"], r"tvly-[0-9A-Za-z_-]{28,}"),
    Shape::word("voyage-key", &["pa-"], r"pa-[0-9A-Za-z_-]{43}").random(4.0),
    Shape::word("elevenlabs-key", &["sk_"], r"sk_[0-9a-f]{48}"),
    Shape::assigned("cohere-key", &["cohere", "co_api_key"], r"[0-9A-Za-z]{40}"),
    Shape::assigned("mistral-key", &["mistral"], r"[0-9A-Za-z]{32}").random(3.2),
    Shape::assigned("deepseek-key", &["deepseek"], r"sk-[0-9a-f]{32}"),
];
