package dev.lepton.platform.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitState;
import dev.lepton.platform.running.Bounds;
import dev.lepton.platform.running.ExtraNode;
import dev.lepton.platform.running.Fault;
import dev.lepton.platform.running.LongRun;
import dev.lepton.platform.running.OnSharedPlatform;
import dev.lepton.platform.running.Platform;
import dev.lepton.platform.running.Signals;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four restarts that are wished at the registry, each at another step when one of those that carry
 * them out is killed.
 */
@LongRun
@OnSharedPlatform
class InterruptedRestartIT {

    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final String NODE = "node-steps";
    private static final String SERVICE = "steps";

    /** Its wish is stored, and its supervisor has not read it. */
    private static final String WISHED = "steps-1";

    /** Its process was asked to end and still lives. */
    private static final String ENDING = "steps-2";

    /** Its process has ended, and its supervisor has not seen it. */
    private static final String ENDED = "steps-3";

    /** Its next process is there and does not serve yet. */
    private static final String BEGUN = "steps-4";

    private static final List<String> UNITS = List.of(WISHED, ENDING, ENDED, BEGUN);

    private static Stages stages;
    private static ExtraNode node;
    private static final Map<String, Integer> wishes = new HashMap<>();

    @BeforeAll
    static void startANode(Platform platform, @TempDir Path folder) throws Exception {
        stages = new Stages(folder);
        node = new ExtraNode(platform, NODE, declaration());
        platform.awaitWithin(
                LIMIT, () -> platform.records().service(SERVICE).in(UnitState.UP).equals(UNITS));
    }

    @AfterAll
    static void stopIt() throws Exception {
        if (node != null) {
            for (String unit : UNITS) {
                stages.let(unit);
            }
            node.close();
        }
    }

    @Test
    void aRegistryThatIsKilledAtAnyStepOfARestartLeavesItDoneOnce(Platform platform)
            throws Exception {
        restartsOnceThrough(
                platform,
                "kill -9 of the registry",
                () -> Signals.kill(platform.unit("registry").livePid()));
    }

    @Test
    void aSupervisorThatIsKilledAtAnyStepOfARestartLeavesItDoneOnce(Platform platform)
            throws Exception {
        restartsOnceThrough(platform, "kill -9 of the supervisor", node::loseSupervisor);
    }

    private static void restartsOnceThrough(Platform platform, String what, Fault kill)
            throws Exception {
        Map<String, Long> starts = starts();
        Map<String, Long> incarnations = incarnations(platform);

        bringToTheirSteps(platform, kill);

        long killed = System.nanoTime();
        for (String unit : UNITS) {
            platform.awaitWithin(
                    LIMIT,
                    () ->
                            platform.records().observedGeneration(NODE, unit) == wishes.get(unit)
                                    && platform.records().unit(unit).state() == UnitState.UP
                                    && platform.records().unit(unit).incarnation()
                                            > incarnations.get(unit));
        }
        System.out.printf(
                "%s: all four restarts done after %d ms%n", what, Bounds.since(killed).toMillis());
        // A second restart would have begun by the time that another unit has gone through one.
        wish(platform, WISHED);
        platform.awaitWithin(
                LIMIT,
                () ->
                        platform.records().unit(WISHED).state() == UnitState.UP
                                && platform.records().unit(WISHED).incarnation()
                                        == incarnations.get(WISHED) + 2);

        incarnations.replaceAll((unit, before) -> before + (unit.equals(WISHED) ? 2 : 1));
        starts.replaceAll((unit, before) -> before + (unit.equals(WISHED) ? 2 : 1));
        assertThat(incarnations(platform)).isEqualTo(incarnations);
        assertThat(starts()).isEqualTo(starts);
        for (String unit : UNITS) {
            assertThat(node.processesOf(unit)).as(unit).hasSize(1);
        }
    }

    private static void bringToTheirSteps(Platform platform, Fault kill) throws Exception {
        long before = node.unit(BEGUN).livePid();
        int life = stages.life(SERVICE).size();
        stages.holdBegin(BEGUN);
        stages.holdEnd(ENDING);
        stages.holdEnd(ENDED);
        wish(platform, BEGUN);
        await(platform, life, BEGUN + " begins");
        assertThat(node.processesOf(BEGUN)).hasSize(1).doesNotContain(before);
        wish(platform, ENDING);
        wish(platform, ENDED);
        await(platform, life, ENDING + " ends");
        await(platform, life, ENDED + " ends");
        long supervisor = node.supervisor().pid();
        try (Frozen _ = Frozen.of(supervisor)) {
            stages.let(ENDED);
            platform.awaitWithin(LIMIT, () -> node.processesOf(ENDED).isEmpty());
            wish(platform, WISHED);
            assertThat(node.processesOf(ENDING)).hasSize(1);
            kill.happen();
        }
        if (!node.supervisor().isAlive()) {
            node.comeBack();
        }
        stages.let(ENDING);
        stages.let(BEGUN);
    }

    private static void await(Platform platform, int after, String step) {
        platform.awaitWithin(
                LIMIT,
                () -> {
                    List<String> life = stages.life(SERVICE);
                    return life.subList(after, life.size()).contains(step);
                });
    }

    private static void wish(Platform platform, String unit) throws IOException {
        int generation = wishes.merge(unit, 1, Integer::sum);
        platform.call(
                "PUT",
                "/v1/units/" + unit + "/desired",
                Map.of("service", SERVICE, "restartGeneration", generation));
    }

    private static Map<String, Long> starts() throws IOException {
        Map<String, Long> starts = new HashMap<>();
        for (String unit : UNITS) {
            starts.put(
                    unit, stages.life(SERVICE).stream().filter((unit + " begins")::equals).count());
        }
        return starts;
    }

    private static Map<String, Long> incarnations(Platform platform) throws IOException {
        Map<String, Long> incarnations = new HashMap<>();
        for (String unit : UNITS) {
            incarnations.put(unit, platform.records().unit(unit).incarnation());
        }
        return incarnations;
    }

    private static String declaration() {
        return """
        services:
          %s:
            %s
            units: 4
            stop: { timeout: 5m }
            start: { deadline: 5m }
            restart: { max-unavailable: 4 }
        """
                .formatted(SERVICE, stages.program());
    }
}
