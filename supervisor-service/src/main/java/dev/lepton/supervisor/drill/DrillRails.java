package dev.lepton.supervisor.drill;

import dev.lepton.client.incident.KnownIncident;
import dev.lepton.client.policy.RestartStrategy;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.unit.KnownService;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.registry.ServiceOutlook;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says of each rail whether it lets a drill pass, and why. */
final class DrillRails {

    private static final String UNKNOWN = "not known, because no registry says it";

    private final DrillSight sight;
    private final UnitId unit;

    private DrillRails(DrillSight sight) {
        this.sight = sight;
        this.unit = sight.plan().id();
    }

    /** All rails but that of the permit, which is asked for when it is to be done. */
    static List<Finding> of(DrillSight sight) {
        return new DrillRails(sight).findings();
    }

    private List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(process());
        findings.add(registered());
        findings.add(oneAtATime());
        findings.add(up());
        findings.add(start());
        findings.add(notExclusive());
        findings.add(oneForOne());
        findings.add(restartsLeft());
        findings.add(registry());
        ServiceOutlook outlook = sight.outlook();
        if (outlook == null) {
            Stream.of(Rail.OTHERS_UP, Rail.NOT_PRESERVING, Rail.NO_OPEN_INCIDENT)
                    .forEach(rail -> findings.add(Finding.refuses(rail, UNKNOWN)));
        } else {
            findings.add(othersUp(outlook.service()));
            findings.add(notPreserving(outlook.service()));
            findings.add(noOpenIncident(outlook.openIncidents()));
        }
        return List.copyOf(findings);
    }

    private Finding process() {
        return sight.plan().service().inContainers()
                ? Finding.refuses(
                        Rail.PROCESS,
                        ("'%s' runs in a container: strike it there, with 'docker kill' or 'docker"
                                        + " pause'; Lepton recovers it all the same")
                                .formatted(unit))
                : Finding.holds(Rail.PROCESS, "'%s' is a process of this node".formatted(unit));
    }

    private Finding registered() {
        return sight.plan().service().beating() == Beating.NONE
                ? Finding.refuses(
                        Rail.REGISTERED,
                        ("'%s' is not registered (beater: none), as the parts of the platform are"
                                        + " not: nobody could take its load, nor see its recovery")
                                .formatted(unit))
                : Finding.holds(Rail.REGISTERED, "'%s' is registered".formatted(unit));
    }

    private Finding oneAtATime() {
        UnitId other = sight.underWay();
        return other == null
                ? Finding.holds(Rail.ONE_AT_A_TIME, "no other drill is under way on this node")
                : Finding.refuses(
                        Rail.ONE_AT_A_TIME,
                        "a drill of '%s' is under way on this node: wait until it is UP again"
                                .formatted(other));
    }

    private Finding up() {
        if (sight.status().state() != UnitState.UP) {
            return Finding.refuses(
                    Rail.UP,
                    "'%s' is %s (%s): only a unit that is UP is struck"
                            .formatted(unit, sight.status().state(), sight.status().reason()));
        }
        UnitView view = view();
        return view == null || view.state() == UnitState.UP
                ? Finding.holds(Rail.UP, "'%s' is UP".formatted(unit))
                : Finding.refuses(
                        Rail.UP,
                        "the registry shows '%s' %s (%s): only a unit that is UP is struck"
                                .formatted(unit, view.state(), view.reason()));
    }

    /** The unit as the registry shows it, null when it does not, or none answers. */
    private @Nullable UnitView view() {
        ServiceOutlook outlook = sight.outlook();
        return outlook == null
                ? null
                : outlook.service().units().stream()
                        .filter(each -> each.unitId().equals(unit))
                        .findFirst()
                        .orElse(null);
    }

    private Finding start() {
        if (!Objects.equals(sight.status().startId(), sight.start())) {
            return Finding.refuses(
                    Rail.START,
                    "start %s does not hold '%s' any more: look again, then ask again"
                            .formatted(sight.start(), unit));
        }
        UnitView view = view();
        if (sight.outlook() != null && (view == null || !view.startId().equals(sight.start()))) {
            return Finding.refuses(
                    Rail.START,
                    "the registry does not know that start %s holds '%s'"
                            .formatted(sight.start(), unit));
        }
        return Finding.holds(Rail.START, "start %s holds it".formatted(sight.start()));
    }

    private Finding notExclusive() {
        UnitView view = view();
        boolean labelled =
                view != null
                        && Boolean.parseBoolean(view.labels().get(Registration.EXCLUSIVE_LABEL));
        return sight.policy().exclusive() || labelled
                ? Finding.refuses(
                        Rail.NOT_EXCLUSIVE,
                        "'%s' is exclusive: no other unit may do its work meanwhile"
                                .formatted(unit))
                : Finding.holds(Rail.NOT_EXCLUSIVE, "others may do its work");
    }

    private Finding oneForOne() {
        RestartStrategy strategy = sight.policy().strategy();
        String word = strategy.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return strategy == RestartStrategy.ONE_FOR_ONE
                ? Finding.holds(Rail.ONE_FOR_ONE, "its failure stops no other unit")
                : Finding.refuses(
                        Rail.ONE_FOR_ONE,
                        "the strategy of service '%s' is %s: other units would be stopped with it"
                                .formatted(sight.status().service(), word));
    }

    private Finding restartsLeft() {
        String objection = sight.notRestarted();
        return objection == null
                ? Finding.holds(Rail.RESTARTS_LEFT, "its policy has another restart left after it")
                : Finding.refuses(Rail.RESTARTS_LEFT, objection);
    }

    private Finding registry() {
        return sight.outlook() == null
                ? Finding.refuses(
                        Rail.REGISTRY,
                        "no registry says how the service is (%s): no drill without one"
                                .formatted(sight.silence()))
                : Finding.holds(Rail.REGISTRY, "the registry answers");
    }

    private Finding othersUp(KnownService service) {
        List<UnitView> others =
                service.units().stream().filter(each -> !each.unitId().equals(unit)).toList();
        if (others.isEmpty()) {
            return Finding.refuses(
                    Rail.OTHERS_UP,
                    "'%s' is the only unit of service '%s': nobody could take its load"
                            .formatted(unit, service.service()));
        }
        return others.stream()
                .filter(each -> each.state() != UnitState.UP)
                .findFirst()
                .map(each ->
                        Finding.refuses(
                                Rail.OTHERS_UP,
                                "'%s' is %s (%s): every other unit must be UP"
                                        .formatted(each.unitId(), each.state(), each.reason())))
                .orElseGet(() ->
                        Finding.holds(
                                Rail.OTHERS_UP, "all %d others are UP".formatted(others.size())));
    }

    private static Finding notPreserving(KnownService service) {
        KnownService.Preserving preserving = service.preserving();
        return preserving == null
                ? Finding.holds(Rail.NOT_PRESERVING, "no silent unit is held back")
                : Finding.refuses(
                        Rail.NOT_PRESERVING,
                        "service '%s' is preserving %s: %s"
                                .formatted(
                                        service.service(),
                                        preserving.units(),
                                        preserving.reason()));
    }

    private static Finding noOpenIncident(List<KnownIncident> open) {
        return open.isEmpty()
                ? Finding.holds(Rail.NO_OPEN_INCIDENT, "no incident of the service is open")
                : Finding.refuses(
                        Rail.NO_OPEN_INCIDENT,
                        "incident %d of '%s' is open: a drill must not add to it"
                                .formatted(open.getFirst().id(), open.getFirst().unitId()));
    }
}
