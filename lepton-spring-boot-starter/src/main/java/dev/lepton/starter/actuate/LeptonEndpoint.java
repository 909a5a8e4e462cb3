package dev.lepton.starter.actuate;

import dev.lepton.client.heartbeat.SelfCheck;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.starter.membership.Membership;
import dev.lepton.starter.membership.MembershipView;
import dev.lepton.starter.membership.RegistryAccess;
import dev.lepton.starter.membership.Standing;
import dev.lepton.starter.selfcheck.SelfChecker;
import dev.lepton.starter.traffic.Intake;
import dev.lepton.starter.traffic.RequestCounts;
import dev.lepton.starter.traffic.RequestGate;
import dev.lepton.starter.unit.ThisUnit;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** Shows the unit as it sees itself; read-only. */
@Endpoint(id = "lepton")
public final class LeptonEndpoint {

    private final ThisUnit unit;
    private final Membership membership;
    private final RegistryAccess registry;
    private final SelfChecker selfChecker;
    private final RequestGate gate;
    private final RequestCounts counts;

    public LeptonEndpoint(
            ThisUnit unit,
            Membership membership,
            RegistryAccess registry,
            SelfChecker selfChecker,
            RequestGate gate,
            RequestCounts counts) {
        this.unit = unit;
        this.membership = membership;
        this.registry = registry;
        this.selfChecker = selfChecker;
        this.gate = gate;
        this.counts = counts;
    }

    @ReadOperation
    public Report report() {
        MembershipView view = membership.view();
        return new Report(
                unit.id(),
                unit.service(),
                unit.startId(),
                unit.incarnation().isPresent() ? unit.incarnation().getAsLong() : null,
                unit.version(),
                unit.address(),
                new RegistryReport(
                        registry.urls(),
                        view.standing(),
                        view.state(),
                        view.beats(),
                        view.lastAnswered(),
                        view.stored(),
                        view.problem()),
                selfChecker.verdict(),
                new RequestReport(gate.intake(), counts.inFlight(), counts.completed()));
    }

    /**
     * The unit at one moment.
     *
     * @param selfCheck null before the first self-check has ended
     */
    public record Report(
            @Nullable UnitId unit,
            ServiceName service,
            StartId startId,
            @Nullable Long incarnation,
            @Nullable String version,
            @Nullable UnitAddress address,
            RegistryReport registry,
            @Nullable SelfCheck selfCheck,
            RequestReport requests) {}

    /** The unit's place in the registry. */
    public record RegistryReport(
            List<URI> urls,
            Standing standing,
            @Nullable UnitState state,
            long beats,
            @Nullable Instant lastAnsweredBeat,
            boolean stored,
            @Nullable String problem) {}

    /** The requests taken since the start. */
    public record RequestReport(Intake intake, int inFlight, long completed) {}
}
