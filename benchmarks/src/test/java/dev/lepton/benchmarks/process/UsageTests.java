package dev.lepton.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UsageTests {

    @Test
    void theTimeIsThatOfUserAndSystemWhateverTheProgramIsCalled() {
        String stat =
                "4242 (a) b (c) S 1 4242 4242 0 -1 4194560 1200 0 3 0 250 50 7 9 20 0 14 0 9000 1 2 3";

        assertThat(Usage.parse(stat, 7)).isEqualTo(new Usage(3_000_000, 500_000, 7));
    }

    @Test
    void theTimeOfEndedChildrenIsThatOfTheTwoFieldsAfterTheOwn() {
        String stat =
                "4242 (postgres) S 1 4242 4242 0 -1 4194560 1200 0 3 0 250 50 7 9 20 0 14 0 9000 1 2 3";

        assertThat(Usage.endedChildren(stat)).isEqualTo(new Usage(160_000, 90_000, 0));
    }

    @Test
    void onlyVoluntaryWaitsCount() {
        String status =
                """
                Name:\tworker
                voluntary_ctxt_switches:\t321
                nonvoluntary_ctxt_switches:\t99
                """;

        assertThat(Usage.waits(status)).isEqualTo(321);
    }

    @Test
    void stolenTimeIsTheEighthOfTheFirstLine() {
        String stat =
                """
                cpu  100 1 50 900 5 0 2 77 0 0
                cpu0 50 1 25 450 3 0 1 40 0 0
                """;

        assertThat(Machine.stolenTicks(stat)).isEqualTo(77);
    }
}
