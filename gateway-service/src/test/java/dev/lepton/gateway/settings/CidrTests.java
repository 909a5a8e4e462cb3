package dev.lepton.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidrTests {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, 9.255.255.255, false",
        "127.0.0.8/30, 127.0.0.8, true",
        "127.0.0.8/30, 127.0.0.11, true",
        "127.0.0.8/30, 127.0.0.7, false",
        "127.0.0.8/30, 127.0.0.12, false",
        "192.168.1.1, 192.168.1.1, true",
        "192.168.1.1, 192.168.1.2, false",
        "192.168.1.1/32, 192.168.1.1, true",
        "0.0.0.0/0, 8.8.8.8, true",
        "0.0.0.0/0, ::1, false",
        "::/0, 8.8.8.8, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::1, ::1, true",
        "10.0.0.0/8, ::ffff:10.1.2.3, true",
    })
    void networkHoldsTheAddressesThatShareItsPrefix(String network, String address, boolean held) {
        assertThat(Cidr.of(network).contains(InetAddress.ofLiteral(address))).isEqualTo(held);
    }
}
