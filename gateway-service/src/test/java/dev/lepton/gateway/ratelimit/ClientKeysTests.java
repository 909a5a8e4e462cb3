package dev.lepton.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.gateway.settings.Cidr;
import dev.lepton.gateway.settings.LimitKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

class ClientKeysTests {

    private static final LimitKey ADDRESS = LimitKey.of("address");
    private static final LimitKey API_KEY = LimitKey.of("header:X-Api-Key");

    private final ClientKeys keys =
            new ClientKeys(
                    new ClientAddress(List.of(Cidr.of("10.0.0.0/8"), Cidr.of("2001:db8:1::/48"))));

    private static MockServerHttpRequest.BaseBuilder<?> from(String peer) {
        return MockServerHttpRequest.get("/x")
                .remoteAddress(new InetSocketAddress(InetAddress.ofLiteral(peer), 4711));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Nobody trusted says anything.
                "192.0.2.1    |                                   | 192.0.2.1",
                "192.0.2.1    | 198.51.100.7                      | 192.0.2.1",
                "10.1.1.1     |                                   | 10.1.1.1",
                // What a trusted proxy says, and not what its client made up before that.
                "10.1.1.1     | 198.51.100.7                      | 198.51.100.7",
                "10.1.1.1     | 203.0.113.9, 198.51.100.7         | 198.51.100.7",
                "10.1.1.1     | 203.0.113.9, 198.51.100.7,10.2.2.2| 198.51.100.7",
                "10.1.1.1     | 10.3.3.3, 10.2.2.2                | 10.3.3.3",
                "10.1.1.1     | 198.51.100.7:8080                 | 198.51.100.7",
                "2001:db8:1::1| 198.51.100.7                      | 198.51.100.7",
                // What is no address tells nobody apart.
                "10.1.1.1     | unknown                           | 10.1.1.1",
                "10.1.1.1     | 198.51.100.7, unknown, 10.2.2.2   | 10.2.2.2",
                "10.1.1.1     | 198.51.100.7,                     | 10.1.1.1",
                "10.1.1.1     | [                                 | 10.1.1.1",
                // The network of an address of IPv6.
                "2001:db8:2:3:4:5:6:7|                            | 2001:db8:2:3::/64",
                "10.1.1.1     | [2001:db8:ffff:1::9]:443          | 2001:db8:ffff:1::/64",
                "10.1.1.1     | 2001:db8:ffff:1::9                | 2001:db8:ffff:1::/64",
                "::ffff:192.0.2.1 |                               | 192.0.2.1",
            })
    void clientIsTheLastAddressThatNoTrustedProxyHas(
            String peer, String forwardedFor, String client) {
        MockServerHttpRequest.BaseBuilder<?> request = from(peer);
        if (forwardedFor != null) {
            request.header("X-Forwarded-For", forwardedFor);
        }

        assertThat(keys.of(ADDRESS, request.build())).isEqualTo(client);
    }

    @Test
    void linesOfOneHeaderAreReadAsOne() {
        assertThat(
                        keys.of(
                                ADDRESS,
                                from("10.1.1.1")
                                        .header("X-Forwarded-For", "203.0.113.9", "198.51.100.7")
                                        .build()))
                .isEqualTo("198.51.100.7");
    }

    @Test
    void valueOfAHeaderIsNotKeptAsItIs() {
        String one = keys.of(API_KEY, from("192.0.2.1").header("X-Api-Key", "secret-1").build());
        String same = keys.of(API_KEY, from("192.0.2.2").header("X-Api-Key", " secret-1").build());
        String other =
                keys.of(API_KEY, from("192.0.2.1").header("X-Api-Key", "x".repeat(9999)).build());

        assertThat(one).isEqualTo(same).isNotEqualTo(other).doesNotContain("secret");
        assertThat(one).hasSameSizeAs(other).hasSize(32);
    }

    @Test
    void requestWithoutTheHeaderIsCountedByItsAddress() {
        assertThat(keys.of(API_KEY, from("192.0.2.1").build())).isEqualTo("192.0.2.1");
        assertThat(keys.of(API_KEY, from("192.0.2.1").header("X-Api-Key", " ").build()))
                .isEqualTo("192.0.2.1");
    }

    @Test
    void allRequestsHaveOneKeyWhenItIsNone() {
        assertThat(keys.of(LimitKey.of("none"), from("192.0.2.1").build()))
                .isEqualTo(keys.of(LimitKey.of("none"), from("192.0.2.2").build()));
    }

    @Test
    void filterOfARouteCountsByPrincipalAndElseByAddress() {
        Principal somebody = () -> "somebody";
        MockServerHttpRequest request = from("192.0.2.1").build();

        assertThat(keys.resolve(MockServerWebExchange.from(request)).block())
                .isEqualTo("192.0.2.1");
        assertThat(
                        keys.resolve(
                                        MockServerWebExchange.builder(request)
                                                .principal(somebody)
                                                .build())
                                .block())
                .hasSize(32);
    }
}
