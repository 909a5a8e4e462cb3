package dev.lepton.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.gateway.settings.Cidr;
import dev.lepton.gateway.settings.EdgeSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConnectionLimitTests {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ConnectionLimit limit =
            new ConnectionLimit(
                    new EdgeSettings(
                            Set.of(), Duration.ofSeconds(1), Duration.ofSeconds(1), null, 4, 2),
                    List.of(Cidr.of("10.0.0.0/8")),
                    new EdgeMetrics(meters));

    private static EmbeddedChannel from(String address) {
        SocketAddress peer = new InetSocketAddress(InetAddress.ofLiteral(address), 1);
        return new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return peer;
            }
        };
    }

    private double refused(String reason) {
        return meters.get("lepton.gateway.edge.refused").tag("reason", reason).counter().count();
    }

    @Test
    void addressHasItsShareAndNoMore() {
        EmbeddedChannel first = from("192.0.2.1");
        assertThat(limit.admits(first)).isTrue();
        assertThat(limit.admits(from("192.0.2.1"))).isTrue();
        assertThat(limit.admits(from("192.0.2.1"))).isFalse();
        assertThat(limit.admits(from("192.0.2.2"))).isTrue();
        assertThat(refused("connections-per-address")).isEqualTo(1);

        first.close();

        assertThat(limit.admits(from("192.0.2.1"))).isTrue();
        assertThat(limit.open()).isEqualTo(3);
    }

    @Test
    void allTogetherHaveALimitAsWell() {
        EmbeddedChannel first = from("192.0.2.1");
        assertThat(limit.admits(first)).isTrue();
        assertThat(limit.admits(from("192.0.2.2"))).isTrue();
        assertThat(limit.admits(from("192.0.2.3"))).isTrue();
        assertThat(limit.admits(from("192.0.2.4"))).isTrue();
        assertThat(limit.admits(from("192.0.2.5"))).isFalse();
        assertThat(refused("connections")).isEqualTo(1);

        first.close();

        assertThat(limit.admits(from("192.0.2.5"))).isTrue();
        assertThat(limit.open()).isEqualTo(4);
    }

    @Test
    void trustedProxyMayHaveAllOfThem() {
        for (int i = 0; i < 4; i++) {
            assertThat(limit.admits(from("10.0.0.1"))).isTrue();
        }

        assertThat(limit.admits(from("10.0.0.1"))).isFalse();
        assertThat(refused("connections")).isEqualTo(1);
    }
}
