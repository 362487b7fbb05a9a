//! Which addresses may be called, and which are not of the public internet.
//!
//! By IANA's registries of special-purpose addresses (RFC 6890): a door to the internet must not be one to the machine that
//! it stands on, its network, or the metadata service of a cloud. Tests: below.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Whom a client may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Egress {
    /// Any address: a person named the server.
    #[default]
    Named,
    /// Public addresses alone, by https.
    Public,
    /// Private and loopback addresses too, there also by http.
    Private,
}

/// What is said of an address that is not allowed.
pub const PRIVATE: &str = "its host has a private or loopback address";

impl Egress {
    /// Looks at every address of a host: one of several that is private may be the one that is meant.
    pub(super) fn allows(self, secure: bool, found: &[SocketAddr]) -> Result<(), String> {
        if self == Self::Named {
            return Ok(());
        }
        let private = |address: &SocketAddr| is_private(address.ip());
        if self == Self::Public && found.iter().any(private) {
            return Err(PRIVATE.to_owned());
        }
        let at_home = self == Self::Private && found.iter().all(private);
        if !secure && !at_home {
            return Err("http is for private addresses alone; give it by https".to_owned());
        }
        Ok(())
    }
}

/// Not globally reachable, or not a single host.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => of_four(address),
        IpAddr::V6(address) => of_six(address),
    }
}

fn of_four(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
}

fn of_six(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let low = |at: usize| {
        let [a, b] = [parts[at], parts[at + 1]];
        Ipv4Addr::new((a >> 8) as u8, a as u8, (b >> 8) as u8, b as u8)
    };
    // Addresses of version 4 in those of version 6: mapped, compatible, NAT64, 6to4.
    if let Some(four) = address.to_ipv4_mapped() {
        return of_four(four);
    }
    if parts[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        return of_four(low(6));
    }
    if parts[0] == 0x2002 {
        return of_four(low(1));
    }
    // Only global unicast is public, without what is set apart in it: Teredo, benchmarks, documentation.
    let global = (0x2000..0x4000).contains(&parts[0]);
    !global || (parts[0] == 0x2001 && (parts[1] < 0x200 || parts[1] == 0xdb8)) || (parts[0] == 0x3fff && parts[1] < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::{Egress, is_private};

    #[test]
    fn what_is_not_public_is_known() {
        for text in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "::127.0.0.1",
        ] {
            assert!(is_private(text.parse().expect("an address")), "{text}");
        }
        for text in ["1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::101:101", "::ffff:8.8.8.8"] {
            assert!(!is_private(text.parse().expect("an address")), "{text}");
        }
    }

    #[test]
    fn one_private_address_among_public_ones_is_enough() {
        let of = |texts: &[&str]| texts.iter().map(|text| format!("{text}:443").parse().expect("an address")).collect::<Vec<_>>();
        let (public, both, home) = (of(&["1.1.1.1"]), of(&["1.1.1.1", "10.0.0.1"]), of(&["127.0.0.1"]));
        for (egress, secure, addresses, allowed) in [
            (Egress::Public, true, &public, true),
            (Egress::Public, false, &public, false),
            (Egress::Public, true, &both, false),
            (Egress::Public, true, &home, false),
            (Egress::Private, true, &both, true),
            (Egress::Private, false, &both, false),
            (Egress::Private, false, &home, true),
            (Egress::Named, false, &public, true),
        ] {
            assert_eq!(egress.allows(secure, addresses).is_ok(), allowed, "{egress:?} {secure} {addresses:?}");
        }
    }
}
