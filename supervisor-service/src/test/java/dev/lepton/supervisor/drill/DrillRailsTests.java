package dev.lepton.supervisor.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.incident.KnownIncident;
import dev.lepton.client.policy.RestartStrategy;
import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.KnownService;
import dev.lepton.client.unit.KnownService.Preserving;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.declaration.LivenessProbe;
import dev.lepton.supervisor.declaration.PortChoice;
import dev.lepton.supervisor.declaration.Probe;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.recovery.UnitPolicy;
import dev.lepton.supervisor.registry.ServiceOutlook;
import dev.lepton.supervisor.supervision.UnitPlan;
import dev.lepton.supervisor.supervision.UnitStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DrillRailsTests {

    private static final ServiceName WORKER = new ServiceName("worker");
    private static final UnitId UNIT = new UnitId("worker-1");
    private static final UnitId OTHER = new UnitId("worker-2");
    private static final StartId START = StartId.parse("0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11");
    private static final StartId NEXT = StartId.parse("0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d12");

    @Test
    void serviceThatIsWellMayBeDrilled() {
        assertThat(DrillRails.of(new Scene().sight()))
                .extracting(Finding::rail)
                .containsExactly(
                        Stream.of(Rail.values())
                                .filter(rail -> rail != Rail.PERMIT)
                                .toArray(Rail[]::new));
        assertThat(DrillRails.of(new Scene().sight())).allMatch(Finding::holds);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal(
                        Rail.PROCESS,
                        "'worker-1' runs in a container: strike it there, with 'docker kill' or"
                                + " 'docker pause'; Lepton recovers it all the same",
                        Scene::inAContainer),
                refusal(
                        Rail.REGISTERED,
                        "'worker-1' is not registered (beater: none), as the parts of the platform"
                                + " are not: nobody could take its load, nor see its recovery",
                        scene -> scene.beating(Beating.NONE)),
                refusal(
                        Rail.ONE_AT_A_TIME,
                        "a drill of 'files-1' is under way on this node: wait until it is UP again",
                        scene -> scene.underWay(new UnitId("files-1"))),
                refusal(
                        Rail.UP,
                        "'worker-1' is DOWN (it ended): only a unit that is UP is struck",
                        scene -> scene.here(UnitState.DOWN)),
                refusal(
                        Rail.UP,
                        "the registry shows 'worker-1' DRAINING (why): only a unit that is UP is struck",
                        scene -> scene.there(UNIT, UnitState.DRAINING)),
                refusal(
                        Rail.START,
                        "start "
                                + NEXT
                                + " does not hold 'worker-1' any more: look again, then ask again",
                        scene -> scene.asked(NEXT)),
                refusal(
                        Rail.START,
                        "the registry does not know that start " + START + " holds 'worker-1'",
                        scene -> scene.heldThereBy(NEXT)),
                refusal(
                        Rail.NOT_EXCLUSIVE,
                        "'worker-1' is exclusive: no other unit may do its work meanwhile",
                        Scene::exclusiveByPolicy),
                refusal(
                        Rail.NOT_EXCLUSIVE,
                        "'worker-1' is exclusive: no other unit may do its work meanwhile",
                        scene -> scene.labels(Map.of("lepton.exclusive", "true"))),
                refusal(
                        Rail.ONE_FOR_ONE,
                        "the strategy of service 'worker' is one-for-all: other units would be"
                                + " stopped with it",
                        scene -> scene.strategy(RestartStrategy.ONE_FOR_ALL)),
                refusal(
                        Rail.ONE_FOR_ONE,
                        "the strategy of service 'worker' is rest-for-one: other units would be"
                                + " stopped with it",
                        scene -> scene.strategy(RestartStrategy.REST_FOR_ONE)),
                refusal(
                        Rail.RESTARTS_LEFT,
                        "it would be given up",
                        scene -> scene.notRestarted("it would be given up")),
                refusal(
                        Rail.OTHERS_UP,
                        "'worker-2' is SUSPECT (why): every other unit must be UP",
                        scene -> scene.there(OTHER, UnitState.SUSPECT)),
                refusal(
                        Rail.OTHERS_UP,
                        "'worker-2' is STOPPED (why): every other unit must be UP",
                        scene -> scene.there(OTHER, UnitState.STOPPED)),
                refusal(
                        Rail.OTHERS_UP,
                        "'worker-1' is the only unit of service 'worker': nobody could take its load",
                        Scene::alone),
                refusal(
                        Rail.NOT_PRESERVING,
                        "service 'worker' is preserving [worker-2]: silent for 6 s",
                        Scene::preserving),
                refusal(
                        Rail.NO_OPEN_INCIDENT,
                        "incident 17 of 'worker-2' is open: a drill must not add to it",
                        Scene::withAnOpenIncident));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refusals")
    void oneThingThatIsNotAsItMustBeRefusesItByItsRailAlone(
            Rail rail, String told, UnaryOperator<Scene> change) {
        List<Finding> findings = DrillRails.of(change.apply(new Scene()).sight());

        assertThat(findings)
                .filteredOn(finding -> !finding.holds())
                .containsExactly(new Finding(rail, false, told));
    }

    @Test
    void withoutARegistryNothingIsDoneBlindly() {
        List<Finding> findings = DrillRails.of(new Scene().blind("no answer in 2 s").sight());

        assertThat(findings)
                .filteredOn(finding -> !finding.holds())
                .extracting(Finding::rail, Finding::told)
                .containsExactly(
                        tuple(
                                Rail.REGISTRY,
                                "no registry says how the service is (no answer in 2 s): no drill without one"),
                        tuple(Rail.OTHERS_UP, "not known, because no registry says it"),
                        tuple(Rail.NOT_PRESERVING, "not known, because no registry says it"),
                        tuple(Rail.NO_OPEN_INCIDENT, "not known, because no registry says it"));
    }

    private static Arguments refusal(Rail rail, String told, UnaryOperator<Scene> change) {
        return Arguments.of(rail, told, change);
    }

    /** Two workers that are well, until a test says otherwise. */
    private static final class Scene {

        private boolean container;
        private Beating beating = Beating.SELF;
        private @Nullable UnitId underWay;
        private UnitState here = UnitState.UP;
        private StartId asked = START;
        private UnitPolicy policy = UnitPolicy.ORDINARY;
        private @Nullable String notRestarted;
        private List<UnitView> units =
                new ArrayList<>(
                        List.of(
                                view(UNIT, START, UnitState.UP, Map.of()),
                                view(OTHER, NEXT, UnitState.UP, Map.of())));
        private @Nullable Preserving preserving;
        private List<KnownIncident> open = List.of();
        private @Nullable String silence;

        Scene inAContainer() {
            container = true;
            return this;
        }

        Scene beating(Beating by) {
            beating = by;
            return this;
        }

        Scene underWay(UnitId unit) {
            underWay = unit;
            return this;
        }

        Scene here(UnitState state) {
            here = state;
            return this;
        }

        Scene there(UnitId unit, UnitState state) {
            units.replaceAll(each ->
                    each.unitId().equals(unit)
                            ? view(unit, each.startId(), state, Map.of())
                            : each);
            return this;
        }

        Scene heldThereBy(StartId start) {
            units.set(0, view(UNIT, start, UnitState.UP, Map.of()));
            return this;
        }

        Scene labels(Map<String, String> labels) {
            units.set(0, view(UNIT, START, UnitState.UP, labels));
            return this;
        }

        Scene asked(StartId start) {
            asked = start;
            return this;
        }

        Scene exclusiveByPolicy() {
            policy =
                    new UnitPolicy(
                            policy.restart(),
                            policy.strategy(),
                            null,
                            null,
                            null,
                            policy.probation(),
                            true);
            return this;
        }

        Scene strategy(RestartStrategy strategy) {
            policy =
                    new UnitPolicy(
                            policy.restart(),
                            strategy,
                            null,
                            null,
                            null,
                            policy.probation(),
                            false);
            return this;
        }

        Scene notRestarted(String why) {
            notRestarted = why;
            return this;
        }

        Scene alone() {
            units = List.of(units.getFirst());
            return this;
        }

        Scene preserving() {
            preserving = new Preserving("silent for 6 s", List.of(OTHER));
            return this;
        }

        Scene withAnOpenIncident() {
            open =
                    List.of(
                            new KnownIncident(
                                    17,
                                    OTHER,
                                    NEXT,
                                    IncidentCause.EXITED,
                                    true,
                                    false,
                                    null,
                                    null,
                                    null,
                                    null));
            return this;
        }

        Scene blind(String why) {
            silence = why;
            return this;
        }

        DrillSight sight() {
            return new DrillSight(
                    new UnitPlan(UNIT, service()),
                    new UnitStatus(
                            UNIT,
                            WORKER,
                            here,
                            20001,
                            null,
                            "127.0.0.1",
                            4711L,
                            START,
                            null,
                            true,
                            false,
                            false,
                            0,
                            0,
                            0,
                            Instant.EPOCH,
                            "it ended"),
                    policy,
                    asked,
                    underWay,
                    notRestarted,
                    silence == null
                            ? new ServiceOutlook(new KnownService(WORKER, units, preserving), open)
                            : null,
                    silence == null ? "" : silence);
        }

        private ServiceDeclaration service() {
            return new ServiceDeclaration(
                    WORKER,
                    List.of("run"),
                    2,
                    PortChoice.FREE,
                    null,
                    beating,
                    Probe.http("/", false),
                    Set.of(),
                    Map.of(),
                    Path.of("."),
                    Duration.ofSeconds(20),
                    LivenessProbe.of(Probe.http("/", false)),
                    policy,
                    null,
                    container ? List.of(UNIT) : null);
        }

        private static UnitView view(
                UnitId unit, StartId start, UnitState state, Map<String, String> labels) {
            return new UnitView(
                    unit,
                    WORKER,
                    start,
                    1,
                    state,
                    UnitAddress.http("127.0.0.1", 20001),
                    new NodeName("here"),
                    Beater.SELF,
                    null,
                    100,
                    null,
                    4711L,
                    labels,
                    Instant.EPOCH,
                    "why");
        }
    }
}
