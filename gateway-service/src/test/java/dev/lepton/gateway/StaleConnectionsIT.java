package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.gateway.breaker.BreakerState;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A unit may close a connection that lies idle in the moment in which a request takes it. The
 * client asks one after the other, so over one connection: each of several would have another event
 * loop, with connections to units of its own.
 */
@ExtendWith(LeakCheck.class)
class StaleConnectionsIT {

    private static RunningGateway gateway;

    private final List<StubUnit> stubs = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path home) {
        gateway =
                RunningGateway.start(
                        home, "--lepton.gateway.services.stale-one.balancer=round-robin");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void closeStubs() {
        stubs.forEach(StubUnit::close);
    }

    private StubUnit keep(StubUnit unit) {
        stubs.add(unit);
        return unit;
    }

    @Test
    void idleConnectionThatTheOnlyUnitClosedIsReplacedByAFreshOne() {
        StubUnit only = keep(StubUnit.start("st-1", (request, reply) -> reply.send(200, "first")));
        gateway.up("stale", only);
        assertThat(gateway.get("/stale/x").statusCode()).isEqualTo(200);
        // The next request on the same connection is cut off, as by a server that closes it at that
        // very moment.
        only.becomes((request, reply) -> {
            only.becomes((r, again) -> again.send(200, "fresh"));
            reply.reset();
        });

        HttpResponse<String> answer = gateway.get("/stale/x");

        assertThat(answer.body()).isEqualTo("fresh");
        assertThat(gateway.tracked(only).breaker().state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void idleConnectionThatOneOfTwoUnitsClosesUnderARequestSendsItToTheOther() {
        StubUnit closing =
                keep(StubUnit.start("so-closing", (request, reply) -> reply.send(200, "warm")));
        gateway.up("stale-one", closing, keep(StubUnit.good("so-good")));
        // They take turns: after the good one it is the other's.
        await().until(() ->
                gateway.get("/stale-one/warm-up").body().equals("so-good")
                        && !closing.requests().isEmpty());
        closing.requests().clear();
        closing.becomes((request, reply) -> reply.reset());

        HttpResponse<String> answer = gateway.get("/stale-one/x");

        assertThat(answer.body()).isEqualTo("so-good");
        assertThat(answer.headers().firstValue("Lepton-Attempts")).contains("2");
        assertThat(closing.requests()).hasSize(1);
        assertThat(closing.connections()).isEqualTo(1);
        assertThat(gateway.tracked(closing).breaker().state()).isEqualTo(BreakerState.CLOSED);
    }
}
