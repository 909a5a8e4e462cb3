package dev.lepton.benchmarks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.benchmarks.load.Wrk;
import dev.lepton.benchmarks.peer.Peer;
import dev.lepton.benchmarks.process.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTests {

    private final Results results = new Results();

    private static Round round(double cpuMicros, double allocatedBytes, double p99) {
        return new Round(
                1e6 / cpuMicros, cpuMicros, cpuMicros / 4, 0.1, allocatedBytes, 1, p99, 9, 0);
    }

    @Test
    void theMedianIsTheMiddleOneAndTheLowerOfTwo() {
        assertThat(Results.median(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Results.median(List.of(3.0, 1.0))).isEqualTo(1);
    }

    @Test
    void whatWasUsedIsDividedByTheRequests() {
        Round.FullLoad full =
                Round.FullLoad.of(
                        new Wrk.Result(1_000, 2.0, 1), new Usage(250_000, 80_000, 400), 20_000_000);

        assertThat(full).isEqualTo(new Round.FullLoad(500, 250, 80, 0.4, 20_000, 1));
    }

    @Test
    void ratiosAreTakenWithinARound() {
        // The machine is three times as slow in the second round, and in the third for one alone.
        results.add(Peer.LEPTON, round(100, 1, 1));
        results.add(Peer.STOCK, round(200, 1, 1));
        results.add(Peer.LEPTON, round(300, 1, 1));
        results.add(Peer.STOCK, round(630, 1, 1));
        results.add(Peer.LEPTON, round(300, 1, 1));
        results.add(Peer.STOCK, round(200, 1, 1));

        assertThat(results.ratio(Peer.STOCK, Round::perCpuSecond)).isEqualTo(2);
    }

    @Test
    void theTablesNameEachPeerAndCompareWithLepton() {
        results.add(Peer.LEPTON, round(100, 18_040, 2));
        results.add(Peer.STOCK, round(250, 55_000, 4));
        results.add(Peer.NGINX, round(20, 0, 1));

        assertThat(results.figures(1000))
                .contains("p50, p99, p99.9 at 1,000/s")
                .contains(
                        "| Lepton | 10,000 (10,000 to 10,000) | 100.0 µs (100.0 to 100.0) | 25 % | 10,000 | 18.0 KB | 0.10 | 1.00, 2.00, 9.00 ms | 0 |\n")
                .contains(
                        "| nginx | 50,000 (50,000 to 50,000) | 20.0 µs (20.0 to 20.0) | 25 % | 50,000 |  |");
        assertThat(results.ratios())
                .contains(
                        "| stock Spring Cloud Gateway | 2.50 | 2.50 | 0.33 | 1.00 | 1.00 | 0.50 | 1.00 |\n")
                .contains("| nginx | 0.20 | 0.20 |  | 1.00 | 1.00 | 2.00 | 1.00 |\n")
                .doesNotContain("| Lepton |");
    }

    @Test
    void aimsAreReachedAtTheirBoundAndNotBelow() {
        results.add(Peer.LEPTON, round(100, 20_000, 4));
        results.add(Peer.STOCK, round(150, 55_000, 4));

        assertThat(results.aims(1.5))
                .contains("requests per CPU-second | 1.50 | yes |")
                .contains("| 20.0 KB | yes |")
                .contains("| 1.00 times as long | yes |");
        assertThat(results.aims(1.6)).contains("requests per CPU-second | 1.50 | no |");
    }

    @Test
    void moreMemoryAndALongerTailAreNotReached() {
        results.add(Peer.LEPTON, round(100, 20_100, 5));
        results.add(Peer.STOCK, round(150, 55_000, 4));

        assertThat(results.aims(1.5))
                .contains("| 20.1 KB | no |")
                .contains("| 1.25 times as long | no |");
    }

    @Test
    void theCallerOfTheJdkPaysForIt() {
        assertThat(
                        Layer.of(
                                List.of(
                                        "java.util.HashMap",
                                        "dev.lepton.gateway.routing.RoutingTable")))
                .isEqualTo(Layer.LEPTON);
        assertThat(Layer.of(List.of("io.netty.channel.epoll.Native", "io.netty.channel.Channel")))
                .isEqualTo(Layer.SYSTEM_CALLS);
        assertThat(Layer.of(List.of("org.springframework.cloud.gateway.route.Route")))
                .isEqualTo(Layer.GATEWAY);
        assertThat(Layer.of(List.of("java.lang.Thread"))).isEqualTo(Layer.OTHER);
    }

    @Test
    void sharesAreOfAllSamples() {
        String row =
                Layer.shares(
                        "Lepton",
                        List.of(
                                List.of("io.netty.channel.unix.Socket"),
                                List.of("io.netty.buffer.ByteBuf"),
                                List.of("reactor.netty.http.server.HttpServer"),
                                List.of("reactor.core.publisher.Mono")));

        assertThat(row)
                .isEqualTo("| Lepton | 25 % | 25 % | 25 % | 25 % | 0 % | 0 % | 0 % | 0 % | 4 |\n");
        assertThat(Layer.head()).contains("| | system calls of Netty | Netty | reactor-netty |");
    }
}
