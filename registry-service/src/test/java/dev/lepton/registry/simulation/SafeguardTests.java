package dev.lepton.registry.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.registry.simulation.kernel.Weakness;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Shows that the simulation would notice if one of the safeguards were missing. */
class SafeguardTests {

    /** As many as {@link SimulationTests} runs in every build. */
    private static final int SEEDS = 2_000;

    @Test
    void withoutTheEpochGuardTheSimulationFindsADeposedLeadersChange() {
        finds("P4 a deposed leader changes nothing", Weakness.NO_EPOCH_GUARD);
    }

    @Test
    void withoutTheStartIdCheckTheSimulationFindsALiveUnitTakenForExited() {
        finds("P2 a unit that beats is never evicted", Weakness.NO_START_ID_CHECK);
    }

    @Test
    void withoutFreshLeasesTheSimulationFindsANewLeaderThatEvictsAtOnce() {
        finds(
                "P3 nobody is evicted because the registry had a gap",
                Weakness.NO_FRESH_LEASES_FOR_A_NEW_LEADER);
    }

    @Test
    void withoutFreshLeasesTheSimulationFindsALateLookThatEvictsAtOnce() {
        finds(
                "P3 nobody is evicted because the registry had a gap",
                Weakness.NO_FRESH_LEASES_AFTER_A_LATE_LOOK);
    }

    @Test
    void withoutTheReplicaMarkTheSimulationFindsAnEvictionBehindAReplicaThatStoresNothing() {
        finds(
                "P3 silence behind a replica that stores nothing does not count",
                Weakness.NO_REPLICA_MARK);
    }

    @Test
    void withoutTheStartIdOnDiskTheSimulationFindsTwoProcessesOfOneSlot() {
        finds("P10 a slot never has two live processes on one node", Weakness.NO_START_ID_ON_DISK);
    }

    @Test
    void withRestartsThatWaitForTheRegistryTheSimulationFindsAUnitThatIsNotRestarted() {
        finds("P7 a supervisor restarts its units", Weakness.RESTARTS_WAIT_FOR_THE_REGISTRY);
    }

    @Test
    void withoutACapTheSimulationFindsThatSilenceTakesMoreThanHalf() {
        finds("P3 silence takes at most half", Weakness.NO_CAP_ON_SILENCE);
    }

    @Test
    void withoutTheTakingsOfLeadersBeforeTheSimulationFindsThatSilenceTakesMoreThanHalf() {
        finds("P3 silence takes at most half", Weakness.NO_COUNT_OF_OTHERS_TAKINGS);
    }

    @Test
    void withoutASweepTheSimulationFindsASilentUnitInRouting() {
        finds("P2 a silent unit leaves routing within the lease and a second", Weakness.NO_SWEEP);
    }

    @Test
    void withoutCompareAndSetTheSimulationFindsTwoStartsOfOneSlot() {
        finds("P10 a slot never has two routable processes", Weakness.NO_COMPARE_AND_SET);
    }

    @Test
    void withEarlyAcknowledgementsTheSimulationFindsARegistrationThatIsNotStored() {
        finds("P1 what was acknowledged is stored", Weakness.ACKNOWLEDGED_BEFORE_STORED);
    }

    @Test
    void withEarlyAcknowledgementsTheSimulationFindsAReportedExitInRouting() {
        finds("P2 a reported exit leaves routing at once", Weakness.ACKNOWLEDGED_BEFORE_STORED);
    }

    @Test
    void withNumbersFromASequenceTheSimulationFindsAGapInTheLog() {
        finds("P1 the log has no gaps", Weakness.NUMBERS_FROM_A_SEQUENCE);
    }

    @Test
    void withEarlyAcknowledgementsTheSimulationFindsAPolicyThatIsNotStored() {
        finds("P1 a policy that was acknowledged is stored", Weakness.ACKNOWLEDGED_BEFORE_STORED);
    }

    @Test
    void withBeatsThatEndADrainTheSimulationFindsADrainedUnitInRouting() {
        finds("a drained unit stays out of routing", Weakness.BEATS_END_DRAINS);
    }

    @Test
    void withoutRegardForTheOthersTheSimulationFindsThatFlapDampingTakesAWholeService() {
        finds("flap damping never takes a whole service", Weakness.ALL_THAT_FLAP_ARE_KEPT_OUT);
    }

    @Test
    void withoutALockTheSimulationFindsMorePermitsThanTheBrakeAllows() {
        finds("the brake is never exceeded", Weakness.NO_LOCK_ON_PERMITS);
    }

    @Test
    void withoutPermitsTheSimulationFindsALiveProcessThatIsEnded() {
        finds("the brake ends no live process without a permit", Weakness.KILLS_WITHOUT_PERMITS);
    }

    @Test
    void withoutAFenceTheSimulationFindsTwoProcessesOfAnExclusiveUnitAtWork() {
        finds("P10 an exclusive unit has one process at work", Weakness.NO_FENCE);
    }

    @Test
    void withAFenceFromTheAnswerTheSimulationFindsTwoProcessesOfAnExclusiveUnitAtWork() {
        // Rare: it must sleep between sending and reading.
        finds(
                "P10 an exclusive unit has one process at work",
                Weakness.FENCE_FROM_THE_ANSWER,
                13_883);
    }

    @Test
    void withRepeatsThatConfirmTheSimulationFindsTwoProcessesOfAnExclusiveUnitAtWork() {
        // Rare: the answer to the registration must be lost.
        finds("P10 an exclusive unit has one process at work", Weakness.REPEATS_CONFIRM, 14_930);
    }

    @Test
    void withRefusalsFromMemoryTheSimulationFindsAHolderThatIsToldItIsNone() {
        finds("404 and 409 only after the row was read", Weakness.REFUSALS_FROM_MEMORY);
    }

    @Test
    void withNotificationsAloneTheSimulationFindsAViewThatGrowsOld() {
        finds("all is well again in time", Weakness.NOTIFICATIONS_ALONE);
    }

    private static void finds(String promise, Weakness weakness) {
        finds(promise, weakness, 1);
    }

    private static void finds(String promise, Weakness weakness, long from) {
        assertThat(
                        new Simulation(weakness)
                                .firstToBreak(promise, LongStream.range(from, from + SEEDS)))
                .as("first seed that breaks '%s' with %s", promise, weakness)
                .isPresent();
    }
}
