package dev.lepton.platform.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.platform.faults.SlotLog.Holder;
import dev.lepton.platform.load.Sample;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlotLogTests {

    private final SlotLog log = new SlotLog();

    @Test
    void oneHolderAfterAnotherIsInOrder() {
        log.routable("gateway", List.of(new Holder("a-1", 1), new Holder("a-2", 1)));
        log.routable("gateway", List.of(new Holder("a-2", 1)));
        log.routable("gateway", List.of(new Holder("a-1", 2), new Holder("a-2", 1)));
        log.routable("registry", List.of(new Holder("a-1", 1)));
        log.living("node-a", Map.of("a-1", Set.of("x"), "a-2", Set.of("y")));
        log.living("node-b", Map.of("a-1", Set.of("z")));

        assertThat(log.broken()).isEmpty();
        assertThat(log.looks())
                .containsOnly(
                        Map.entry("gateway", 3),
                        Map.entry("registry", 1),
                        Map.entry("node-a", 1),
                        Map.entry("node-b", 1));
    }

    @Test
    void twoHoldersAtOnceAreSeen() {
        log.routable("gateway", List.of(new Holder("a-1", 2), new Holder("a-1", 2)));

        assertThat(log.broken())
                .containsExactly(
                        "gateway: both Holder[slot=a-1, incarnation=2] and Holder[slot=a-1, incarnation=2] are routable");
    }

    @Test
    void anEarlierHolderThatReturnsIsSeen() {
        log.routable("gateway", List.of(new Holder("a-1", 2)));
        log.routable("gateway", List.of(new Holder("a-1", 1)));

        assertThat(log.broken())
                .containsExactly(
                        "gateway: Holder[slot=a-1, incarnation=1] is routable again after incarnation 2");
    }

    @Test
    void twoStartsOnOneNodeAreSeen() {
        log.living("node-a", Map.of("a-1", Set.of("x", "y")));

        assertThat(log.broken()).singleElement().asString().startsWith("node-a: a-1 has");
    }

    @Test
    void anAnswerOfAReplacedStartIsSeen() {
        log.answered(
                List.of(
                        new Sample(10, 10, 20, "a-1 2 1", null),
                        new Sample(21, 21, 30, "a-1 1 1", null)));

        assertThat(log.broken())
                .containsExactly("a-1 answered as incarnation 1 after incarnation 2 had");
    }

    @Test
    void anAnswerThatWasOnItsWayIsInOrder() {
        log.answered(
                List.of(
                        new Sample(10, 10, 20, "a-1 2 1", null),
                        new Sample(15, 15, 30, "a-1 1 1", null),
                        new Sample(40, 40, 50, "a-1 2 1", null),
                        new Sample(40, 40, 60, null, new IllegalStateException("refused"))));

        assertThat(log.broken()).isEmpty();
    }
}
