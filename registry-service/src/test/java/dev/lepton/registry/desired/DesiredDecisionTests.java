package dev.lepton.registry.desired;

import static dev.lepton.registry.unit.UnitBuilder.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredRun;
import dev.lepton.client.desired.DesiredWish;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.desired.DesiredDecision.Stale;
import dev.lepton.registry.desired.DesiredDecision.Store;
import dev.lepton.registry.desired.DesiredDecision.Unchanged;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DesiredDecisionTests {

    private static final UnitId UNIT = new UnitId("worker-1");
    private static final Instant LATER = NOON.plusSeconds(5);

    @Test
    void firstWishIsTheFirstGeneration() {
        DesiredDecision decision = decide(wish(null, null), null);

        assertThat(decision).isEqualTo(new Store(stored(DesiredRun.STOP, 0, 1, LATER)));
    }

    @Test
    void nextWishIsTheNextGenerationAndKeepsTheRestarts() {
        DesiredDecision decision = decide(wish(null, null), stored(DesiredRun.RUN, 7, 3, NOON));

        assertThat(decision).isEqualTo(new Store(stored(DesiredRun.STOP, 7, 4, LATER)));
    }

    @Test
    void wishThatIsWhatIsWantedAlreadyChangesNothing() {
        Desired stored = stored(DesiredRun.STOP, 7, 3, NOON);

        assertThat(decide(wish(7L, 3L), stored)).isEqualTo(new Unchanged(stored));
    }

    @Test
    void restartGenerationNeverFalls() {
        Desired stored = stored(DesiredRun.STOP, 7, 3, NOON);

        assertThat(decide(wish(6L, null), stored)).isInstanceOf(Stale.class);
        assertThat(decide(wish(8L, null), stored))
                .isEqualTo(new Store(stored(DesiredRun.STOP, 8, 4, LATER)));
    }

    @Test
    void wishThatRestsOnAnotherGenerationIsStale() {
        Desired stored = stored(DesiredRun.RUN, 0, 3, NOON);

        assertThat(decide(wish(null, 2L), stored)).isInstanceOf(Stale.class);
        assertThat(decide(wish(null, 4L), stored)).isInstanceOf(Stale.class);
        assertThat(decide(wish(null, 3L), stored)).isInstanceOf(Store.class);
        assertThat(decide(wish(null, 1L), null)).isInstanceOf(Stale.class);
        assertThat(decide(wish(null, 0L), null)).isInstanceOf(Store.class);
    }

    private static DesiredDecision decide(DesiredWish wish, @Nullable Desired stored) {
        return DesiredDecision.decide(UNIT, wish, stored, LATER);
    }

    private static DesiredWish wish(@Nullable Long restarts, @Nullable Long expected) {
        return new DesiredWish(
                new ServiceName("worker"),
                null,
                DesiredRun.STOP,
                Map.of("a", 1),
                restarts,
                expected,
                "why");
    }

    private static Desired stored(DesiredRun run, long restarts, long generation, Instant at) {
        return new Desired(
                UNIT,
                new ServiceName("worker"),
                null,
                run,
                Map.of("a", 1),
                restarts,
                generation,
                "why",
                at);
    }
}
