package dev.lepton.gateway.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.Fleet;
import dev.lepton.client.watch.Position;
import dev.lepton.gateway.StubUnit;
import dev.lepton.gateway.balancing.BalancerKind;
import dev.lepton.gateway.balancing.Balancings;
import dev.lepton.gateway.balancing.SlowStart;
import dev.lepton.gateway.breaker.BreakerState;
import dev.lepton.gateway.breaker.SomeBreakers;
import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.routing.TrackedUnit;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpgradeTests {

    private long now = Duration.ofHours(1).toNanos();
    private final TrackedUnit unit = tracked();

    private TrackedUnit tracked() {
        RoutingTables tables =
                new RoutingTables(
                        SomeBreakers.strict(() -> now),
                        SlowStart.OFF,
                        service -> Balancings.plain(BalancerKind.LEAST_LOADED),
                        () -> now,
                        unit -> {},
                        (before, after) -> {});
        UnitView view = StubUnit.view("worker-1", "worker", 9000, UnitState.UP, 1);
        tables.show(new Fleet(new Position("c", 1), Map.of(view.unitId(), view), Map.of()));
        return Objects.requireNonNull(tables.current().tracked().get(new UnitId("worker-1")));
    }

    /** One that may try the unit, which was left alone until now. */
    private Upgrade probe() {
        unit.breaker().refused();
        now += Duration.ofSeconds(6).toNanos();
        assertThat(unit.breaker().tryProbe(false)).isTrue();
        return begun(true);
    }

    private Upgrade begun(boolean probe) {
        Upgrade upgrade = new Upgrade(unit, probe, now);
        upgrade.begin();
        return upgrade;
    }

    private static Throwable answer(int status) {
        return new WebSocketClientHandshakeException(
                "no",
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status)));
    }

    @Test
    void socketThatIsOpenedSpeaksForTheUnit() {
        probe().opened(now);

        assertThat(unit.breaker().state()).isEqualTo(BreakerState.CLOSED);
    }

    @ParameterizedTest
    @CsvSource({"404, CLOSED", "401, CLOSED", "499, CLOSED", "500, OPEN", "503, OPEN"})
    void answerThatOpensNoSocketSpeaksAgainstTheUnitWhenItSaysThatItFailed(
            int status, BreakerState then) {
        probe().failed(answer(status), now);

        assertThat(unit.breaker().state()).isEqualTo(then);
    }

    @Test
    void brokenAndRefusedConnectionsSpeakAgainstTheUnit() {
        begun(false).failed(new ConnectException("refused"), now);
        assertThat(unit.breaker().state()).isEqualTo(BreakerState.OPEN);

        probe().failed(new IOException("reset"), now);
        assertThat(unit.breaker().state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void whatBefallsAnOpenSocketIsNotHeldAgainstTheUnit() {
        Upgrade upgrade = begun(false);
        upgrade.opened(now);

        upgrade.failed(new IOException("reset"), now);

        assertThat(unit.breaker().state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void probeThatEndsBeforeItFoundOutLetsAnotherTry() {
        Upgrade upgrade = probe();
        assertThat(unit.breaker().tryProbe(true)).isFalse();

        upgrade.end();
        upgrade.end();

        assertThat(unit.inFlight()).isZero();
        assertThat(unit.breaker().tryProbe(true)).isTrue();
        assertThat(unit.breaker().tryProbe(true)).isFalse();
    }
}
