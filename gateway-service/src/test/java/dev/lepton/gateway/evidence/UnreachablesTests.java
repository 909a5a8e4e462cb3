package dev.lepton.gateway.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.gateway.breaker.Fault;
import dev.lepton.gateway.evidence.Unreachables.Report;
import dev.lepton.gateway.evidence.Unreachables.Seen;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnreachablesTests {

    private final Unreachables unreachables = new Unreachables();
    private final Map<String, StartId> starts = new ConcurrentHashMap<>();
    private long now = Duration.ofHours(1).toNanos();

    private Seen seen(String id, boolean leftAlone, @Nullable Fault fault) {
        return new Seen(
                new UnitId(id),
                starts.computeIfAbsent(id, i -> StartId.random()),
                leftAlone,
                fault);
    }

    private Seen good(String id) {
        return seen(id, false, null);
    }

    /** Left alone, and it failed just now. */
    private Seen failing(String id) {
        return seen(id, true, new Fault(Fault.Kind.REFUSED, now));
    }

    private List<String> look(Seen... units) {
        return unreachables.look(Arrays.asList(units), false, now).stream()
                .map(report -> report.unit().value())
                .toList();
    }

    private void pass(Duration duration) {
        now += duration.toNanos();
    }

    @Test
    void unitThatIsLeftAloneIsReportedWithTheCountsOfAll() {
        Seen bad = failing("w-1");

        List<Report> due = unreachables.look(List.of(bad, good("w-2"), good("o-1")), false, now);

        assertThat(due)
                .containsExactly(
                        new Report(
                                bad.unit(), bad.start(), new Fault(Fault.Kind.REFUSED, now), 1, 3));
    }

    @Test
    void unitThatFailedAndIsAskedIsNotReported() {
        assertThat(look(seen("w-1", false, new Fault(Fault.Kind.FAILED, now)), good("w-2")))
                .isEmpty();
    }

    @Test
    void unitThatIsSlowIsNeitherReportedNorCounted() {
        Seen slow = seen("w-1", true, new Fault(Fault.Kind.SLOW, now));

        assertThat(look(slow, good("w-2"))).isEmpty();
        assertThat(look(slow, failing("w-2"), good("w-3"))).containsExactly("w-2");
    }

    @Test
    void unitThatIsLeftAloneAtItsOwnWishIsNeitherReportedNorCounted() {
        assertThat(look(seen("w-1", true, null), seen("w-2", true, null), good("w-3"))).isEmpty();
        assertThat(look(seen("w-1", true, null), failing("w-2"), good("w-3")))
                .containsExactly("w-2");
    }

    @Test
    void unitIsReportedAgainAfterThePauseWhileItFails() {
        assertThat(look(failing("w-1"), good("w-2"), good("w-3"))).containsExactly("w-1");
        pass(Unreachables.PAUSE.minusNanos(1));
        assertThat(look(failing("w-1"), good("w-2"), good("w-3"))).isEmpty();

        pass(Duration.ofNanos(1));

        assertThat(look(failing("w-1"), good("w-2"), good("w-3"))).containsExactly("w-1");
        assertThat(look(failing("w-1"), good("w-2"), good("w-3"))).isEmpty();
    }

    @Test
    void unitThatNobodyAskedSinceIsNotReportedAgain() {
        Seen bad = failing("w-1");
        look(bad, good("w-2"), good("w-3"));
        pass(Duration.ofMinutes(1));

        assertThat(look(bad, good("w-2"), good("w-3"))).isEmpty();
    }

    @Test
    void reportThatDidNotArriveIsMadeAgainWhileTheUnitFails() {
        Seen bad = failing("w-1");
        Report lost = unreachables.look(List.of(bad, good("w-2"), good("w-3")), false, now).get(0);
        unreachables.notTold(lost, now);
        pass(Unreachables.RETRY.minusNanos(1));
        assertThat(look(bad, good("w-2"), good("w-3"))).isEmpty();

        pass(Duration.ofNanos(1));

        assertThat(look(bad, good("w-2"), good("w-3"))).containsExactly("w-1");
        pass(Unreachables.RETRY);
        assertThat(look(bad, good("w-2"), good("w-3"))).isEmpty();
    }

    @Test
    void reportThatDidNotArriveIsNotMadeAgainOnceTheUnitIsReached() {
        Seen bad = failing("w-1");
        Report lost = unreachables.look(List.of(bad, good("w-2"), good("w-3")), false, now).get(0);
        unreachables.notTold(lost, now);
        pass(Unreachables.RETRY);

        assertThat(look(seen("w-1", false, bad.fault()), good("w-2"), good("w-3"))).isEmpty();
    }

    @Test
    void anotherStartOfTheUnitIsReportedAtOnce() {
        look(failing("w-1"), good("w-2"), good("w-3"));
        starts.remove("w-1");

        assertThat(look(failing("w-1"), good("w-2"), good("w-3"))).containsExactly("w-1");
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "1,2,0", "2,2,0", "1,3,1", "2,4,0", "2,5,2", "3,5,0"})
    void nothingIsReportedWhenHalfOfTwoUnitsOrMoreFail(int failing, int known, int reported) {
        Seen[] units = new Seen[known];
        for (int i = 0; i < known; i++) {
            units[i] = i < failing ? failing("w-" + i) : good("w-" + i);
        }

        assertThat(look(units)).hasSize(reported);
    }

    @Test
    void unitIsReportedOnceTheOthersAreReachedAgain() {
        assertThat(look(failing("w-1"), failing("w-2"), good("w-3"))).isEmpty();

        assertThat(look(failing("w-1"), good("w-2"), good("w-3"))).containsExactly("w-1");
    }

    @Test
    void whatFailedUpToALateLookIsNoEvidence() {
        Seen bad = failing("w-1");
        assertThat(unreachables.look(List.of(bad, good("w-2"), good("w-3")), true, now)).isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(look(bad, good("w-2"), good("w-3"))).isEmpty();

        assertThat(look(failing("w-1"), good("w-2"), good("w-3"))).containsExactly("w-1");
    }
}
