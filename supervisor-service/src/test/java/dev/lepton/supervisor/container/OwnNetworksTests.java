package dev.lepton.supervisor.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnNetworksTests {

    @ParameterizedTest
    @CsvSource({
        "172.17.0.1, 172.17.255.254, 16, true",
        "172.17.0.1, 172.18.0.1, 16, false",
        "10.0.0.127, 10.0.0.1, 25, true",
        "10.0.0.128, 10.0.0.1, 25, false",
        "10.0.0.1, 10.0.0.1, 32, true",
        "10.0.0.1, 10.0.0.0, 32, false",
        "10.0.0.1, 192.168.0.1, 0, true",
        "fd00::1, fd00::2, 64, true",
        "fd00::1, 10.0.0.1, 8, false"
    })
    void aNetworkIsTheBeginOfItsAddresses(String a, String b, int bits, boolean same) {
        assertThat(
                        OwnNetworks.samePrefix(
                                InetAddress.ofLiteral(a).getAddress(),
                                InetAddress.ofLiteral(b).getAddress(),
                                bits))
                .isEqualTo(same);
    }
}
