package dev.lepton.supervisor.api;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.supervisor.container.KnownStarts;
import dev.lepton.supervisor.registry.Registry;
import dev.lepton.supervisor.supervision.Supervision;
import dev.lepton.supervisor.supervision.UnitStatus;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what the supervisor knows of a unit and what the registry says of it. The
 * registry's word counts for a start that it knows and that is not being ended here.
 */
final class UnitAnswers {

    private final Supervision supervision;
    private final Registry registry;
    private final KnownStarts starts;

    UnitAnswers(Supervision supervision, Registry registry, KnownStarts starts) {
        this.supervision = supervision;
        this.registry = registry;
        this.starts = starts;
    }

    List<UnitAnswer> all() {
        return supervision.statuses().stream().map(this::answer).toList();
    }

    Optional<UnitAnswer> of(UnitId id) {
        return supervision.status(id).map(this::answer);
    }

    private UnitAnswer answer(UnitStatus own) {
        StartId run = own.startId();
        StartId start = run == null ? null : starts.of(run).orElse(run);
        UnitView view =
                registry.view(own.id()).filter(known -> known.startId().equals(start)).orElse(null);
        boolean ending = own.state() == UnitState.DRAINING || own.state() == UnitState.DOWN;
        UnitView said = ending ? null : view;
        return new UnitAnswer(
                own.id(),
                own.service(),
                said != null ? said.state() : own.state(),
                address(own.host(), own.port()),
                own.pid(),
                view == null ? null : Long.valueOf(view.incarnation()),
                start,
                address(own.host(), own.managementPort()),
                own.restarts(),
                said != null ? said.since() : own.since(),
                said != null ? said.reason() : own.reason());
    }

    private static @Nullable String address(@Nullable String host, @Nullable Integer port) {
        return host == null || port == null ? null : UnitAddress.http(host, port).toString();
    }
}
