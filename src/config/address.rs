//! Which addresses may be spoken to at all, and which without TLS.

use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;

use url::Host;
use url::Url;

/// Addresses outside the link-local ranges where clouds serve credentials to whoever asks:
/// Alibaba, Azure and Oracle.
const METADATA_V4: [Ipv4Addr; 3] = [
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
    Ipv4Addr::new(192, 0, 0, 192),
];

/// The same over IPv6: Amazon.
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// Google's name for its metadata service.
const METADATA_NAME: &str = "metadata.google.internal";

/// Whether `url` names this machine: `localhost`, `127.0.0.0/8` or `::1`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.trim_end_matches('.') == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => match embedded_v4(address) {
            Some(inner) => inner.is_loopback(),
            None => address.is_loopback(),
        },
        None => false,
    }
}

/// Whether no request may ever go to `address`: link-local, a cloud's metadata service, or none at
/// all (0.0.0.0). An IPv4 address inside an IPv6 one counts like itself.
pub fn is_forbidden(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_forbidden_v4(address),
        IpAddr::V6(address) => {
            address.is_unicast_link_local()
                || address.is_unspecified()
                || address == METADATA_V6
                || embedded_v4(address).is_some_and(is_forbidden_v4)
        }
    }
}

/// Whether no request may ever go to the host of `url`, judged by what is written there; names are
/// judged again when their addresses are known.
pub fn is_forbidden_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.trim_end_matches('.') == METADATA_NAME,
        Some(Host::Ipv4(address)) => is_forbidden(address.into()),
        Some(Host::Ipv6(address)) => is_forbidden(address.into()),
        None => true,
    }
}

fn is_forbidden_v4(address: Ipv4Addr) -> bool {
    address.is_link_local() || address.is_unspecified() || METADATA_V4.contains(&address)
}

/// The IPv4 address inside a mapped (`::ffff:0:0/96`) or translated (`64:ff9b::/96`) IPv6 address.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [first, second, third, fourth, fifth, sixth, high, low] = address.segments();
    let translated = [first, second, third, fourth, fifth, sixth] == [0x64, 0xff9b, 0, 0, 0, 0];
    address
        .to_ipv4_mapped()
        .or_else(|| translated.then(|| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))))
}
