package dev.lepton.registry.evidence;

import static dev.lepton.registry.unit.UnitBuilder.aUnit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.evidence.EvidenceKind;
import dev.lepton.client.unit.StartId;
import dev.lepton.registry.unit.UnitRow;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FailuresTests {

    private static final long FRESH = Failures.FRESH.toNanos();

    private final Failures failures = new Failures();
    private final UnitRow unit = aUnit("a").row();

    /** A monotonic clock may run over. */
    private final long begin = Long.MAX_VALUE - FRESH;

    @BeforeEach
    void nothingIsToldAtFirst() {
        failures.look(begin, List.of());
    }

    @Test
    void wordCountsForExactlyFiveSeconds() {
        failures.look(begin + 1, List.of(told("gateway-1", 1)));

        assertThat(failures.of(unit, begin + 1 + FRESH)).hasSize(1);
        assertThat(failures.of(unit, begin + 1 + FRESH + 1)).isEmpty();
    }

    @Test
    void wordThatIsSaidAgainCountsAnew() {
        failures.look(begin + 1, List.of(told("gateway-1", 1)));
        failures.look(begin + FRESH, List.of(told("gateway-1", 2)));

        assertThat(failures.of(unit, begin + 2 * FRESH)).hasSize(1);
    }

    @Test
    void wordThatIsOnlyStillThereDoesNotCountAnew() {
        failures.look(begin + 1, List.of(told("gateway-1", 1)));
        failures.look(begin + FRESH, List.of(told("gateway-1", 1)));

        assertThat(failures.of(unit, begin + 1 + FRESH + 1)).isEmpty();
    }

    @Test
    void wordThatWasThereAtTheFirstLookCountsForNothingUntilItIsSaidAgain() {
        failures.refresh();
        failures.look(begin + 1, List.of(told("gateway-1", 7)));
        assertThat(failures.of(unit, begin + 1)).isEmpty();

        failures.look(begin + 2, List.of(told("gateway-1", 8)));

        assertThat(failures.of(unit, begin + 2)).hasSize(1);
    }

    @Test
    void refreshmentForgetsAtOnce() {
        failures.look(begin + 1, List.of(told("gateway-1", 1)));

        failures.refresh();

        assertThat(failures.of(unit, begin + 1)).isEmpty();
    }

    @Test
    void eachObserverIsOne() {
        failures.look(begin + 1, List.of(told("gateway-1", 1), told("gateway-2", 1)));

        assertThat(failures.of(unit, begin + 1))
                .extracting(Observation::observer)
                .containsExactlyInAnyOrder("gateway-1", "gateway-2");
    }

    @Test
    void wordAboutAnotherStartIsNotAboutThisOne() {
        failures.look(begin + 1, List.of(told("gateway-1", 1)));
        UnitRow next = aUnit("a").heldBy(StartId.random()).row();

        assertThat(failures.of(next, begin + 1)).isEmpty();
    }

    private Observation told(String observer, long seq) {
        return new Observation(
                unit.id(),
                observer,
                EvidenceKind.UNREACHABLE,
                unit.startId(),
                "refused",
                true,
                seq);
    }
}
