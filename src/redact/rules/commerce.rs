//! Payments, shops and shipping.

use super::Shape;

pub(super) const SHAPES: &[Shape] = &[
    Shape::sharp(
        "stripe-key",
        &[
            "sk_live_", "sk_test_", "rk_live_", "rk_test_", "sk_prod_", "rk_prod_",
        ],
        r"[rs]k_(?:live|test|prod)_[0-9A-Za-z]{10,}",
    ),
    Shape::sharp(
        "webhook-secret",
        &["whsec_"],
        r"whsec_[0-9A-Za-z+/=_-]{20,}",
    ),
    Shape::sharp(
        "square-token",
        &["sq0atp-", "sq0csp-", "sq0idp-"],
        r"sq0[a-z]{3}-[0-9A-Za-z_-]{22,}",
    ),
    Shape::word(
        "square-token",
        &["eaaa"],
        r"(EAAA[0-9A-Za-z_-]{60})(?:[^0-9A-Za-z_-]|\z)",
    )
    .random(4.0),
    Shape::sharp(
        "braintree-token",
        &["access_token$"],
        r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}",
    ),
    Shape::assigned(
        "paypal-secret",
        &["paypal", "braintree"],
        r"[0-9A-Za-z_-]{32,90}",
    )
    .random(3.2),
    Shape::sharp(
        "shopify-token",
        &["shpat_", "shpca_", "shppa_", "shpss_", "shpua_", "shptka_"],
        r"shp(?:at|ca|pa|ss|ua|tka)_[0-9A-Fa-f]{32}",
    ),
    Shape::sharp(
        "plaid-token",
        &[
            "access-sandbox-",
            "access-development-",
            "access-production-",
        ],
        r"access-(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f-]{27}",
    ),
    Shape::assigned("plaid-secret", &["plaid"], r"[0-9a-f]{30}"),
    Shape::sharp(
        "flutterwave-key",
        &["flwseck"],
        r"FLWSECK(?:_TEST)?-[0-9A-Za-z]{12,}(?:-X)?",
    ),
    Shape::sharp(
        "razorpay-key",
        &["rzp_live_", "rzp_test_"],
        r"rzp_(?:live|test)_[0-9A-Za-z]{14,}",
    ),
    Shape::sharp(
        "shippo-token",
        &["shippo_live_", "shippo_test_"],
        r"shippo_(?:live|test)_[0-9A-Fa-f]{40}",
    ),
    Shape::word("easypost-key", &["ezak", "eztk"], r"EZ[AT]K[0-9A-Za-z]{54}"),
    Shape::sharp(
        "duffel-token",
        &["duffel_live_", "duffel_test_"],
        r"duffel_(?:live|test)_[0-9A-Za-z_=-]{43}",
    ),
    Shape::word("adyen-key", &["aqe"], r"AQE[a-z]hm[0-9A-Za-z+/=_.-]{60,}"),
    Shape::assigned("coinbase-secret", &["coinbase"], r"[0-9A-Za-z_-]{64}").random(3.5),
];
