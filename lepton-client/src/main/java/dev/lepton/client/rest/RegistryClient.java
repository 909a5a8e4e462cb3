package dev.lepton.client.rest;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredWish;
import dev.lepton.client.evidence.Evidence;
import dev.lepton.client.heartbeat.Heartbeat;
import dev.lepton.client.heartbeat.HeartbeatAnswer;
import dev.lepton.client.heartbeat.HeartbeatBatch;
import dev.lepton.client.heartbeat.HeartbeatBatchAnswer;
import dev.lepton.client.incident.IncidentReport;
import dev.lepton.client.incident.KnownIncident;
import dev.lepton.client.node.NodeBeat;
import dev.lepton.client.node.NodeBeatAnswer;
import dev.lepton.client.policy.PolicyChange;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.recovery.Permit;
import dev.lepton.client.recovery.PermitRequest;
import dev.lepton.client.recovery.RecoveryReport;
import dev.lepton.client.registration.DrainRequest;
import dev.lepton.client.registration.ExitReport;
import dev.lepton.client.registration.Registered;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.unit.KnownService;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitView;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Calls the registry at the first of its URLs that answers, and stays with that one. Each client
 * draws its own order of the URLs, once. Blocking, safe for many threads. Every method throws a
 * {@link RegistryRefusal} when it does not succeed.
 *
 * <p>The next URL is tried when one cannot be reached, does not answer in time, answers 5xx or with
 * what is not the protocol, and, for beats, when it does not store marks. Every call may therefore
 * reach the registry twice; each is idempotent by the start-id, or by the generation, that it
 * carries.
 */
public final class RegistryClient implements AutoCloseable {

    private static final int PAGE = 1000;

    private final RegistryCalls calls;
    private final Duration timeout;

    /**
     * @param urls base URLs of the registry's replicas, such as {@code http://localhost:8761}
     * @param token null when the registry asks for none
     * @param timeout for one attempt at one URL, except beats, whose timeout the registry assigns
     */
    public RegistryClient(List<URI> urls, @Nullable BearerToken token, Duration timeout) {
        this(new RegistryUrls(urls).drawn(new SplittableRandom()), token, timeout);
    }

    /** Tries the URLs in their order. */
    RegistryClient(RegistryUrls urls, @Nullable BearerToken token, Duration timeout) {
        this.calls = new RegistryCalls(urls, token, timeout);
        this.timeout = timeout;
    }

    public Registered register(Registration registration) {
        return control("POST", "/v1/units", registration, Registered.class);
    }

    /**
     * @param timeout for one attempt at one URL; a registry that does not store marks is left for
     *     the next one
     */
    public HeartbeatAnswer beat(UnitId unit, Heartbeat heartbeat, Duration timeout) {
        return calls.call(
                new Call<>("PUT", path(unit, "/heartbeat"), heartbeat, HeartbeatAnswer.class),
                timeout,
                HeartbeatAnswer::stored);
    }

    public HeartbeatBatchAnswer beat(HeartbeatBatch batch, Duration timeout) {
        return calls.call(
                new Call<>("POST", "/v1/heartbeats", batch, HeartbeatBatchAnswer.class),
                timeout,
                HeartbeatBatchAnswer::stored);
    }

    public UnitView drain(UnitId unit, DrainRequest request) {
        return control("POST", path(unit, "/drain"), request, UnitView.class);
    }

    public UnitView undrain(UnitId unit, DrainRequest request) {
        return control("POST", path(unit, "/undrain"), request, UnitView.class);
    }

    public void exited(UnitId unit, ExitReport report) {
        control("POST", path(unit, "/exit"), report, Nothing.class);
    }

    public void deregister(UnitId unit, StartId start) {
        control("DELETE", path(unit, "?startId=" + start), null, Nothing.class);
    }

    /** All units, across pages. */
    public List<UnitView> units() {
        List<UnitView> all = new ArrayList<>();
        for (int page = 0; ; page++) {
            UnitPage answer =
                    control(
                            "GET",
                            "/v1/units?page=" + page + "&size=" + PAGE,
                            null,
                            UnitPage.class);
            all.addAll(answer.units());
            if (answer.units().isEmpty() || (page + 1L) * PAGE >= answer.total()) {
                return all;
            }
        }
    }

    /** A service with all of its units. */
    public KnownService service(ServiceName service) {
        return control("GET", "/v1/services/" + service.value(), null, KnownService.class);
    }

    /** The latest incidents of a service that are open, the latest first. */
    public List<KnownIncident> openIncidents(ServiceName service) {
        return incidents("service=" + service.value() + "&open=true");
    }

    /** The latest incidents of a unit, the latest first. */
    public List<KnownIncident> incidentsOf(UnitId unit) {
        return incidents("unit=" + encoded(unit));
    }

    private List<KnownIncident> incidents(String which) {
        return control("GET", "/v1/incidents?size=20&" + which, null, IncidentPage.class)
                .incidents();
    }

    public KnownIncident incident(long id) {
        return control("GET", "/v1/incidents/" + id, null, KnownIncident.class);
    }

    public Desired putDesired(UnitId unit, DesiredWish wish) {
        return control("PUT", path(unit, "/desired"), wish, Desired.class);
    }

    /** The policies of all services that have one. */
    public List<StoredPolicy> policies() {
        return control("GET", "/v1/policies", null, PolicyList.class).policies();
    }

    public StoredPolicy putPolicy(ServiceName service, PolicyChange change) {
        return control(
                "PUT", "/v1/services/" + service.value() + "/policy", change, StoredPolicy.class);
    }

    /**
     * @throws RegistryRefusal.Superseded when another start holds the unit
     */
    public UnitView evidence(UnitId unit, Evidence evidence) {
        return control("POST", path(unit, "/evidence"), evidence, UnitView.class);
    }

    public UnitView recovery(UnitId unit, RecoveryReport report) {
        return control("POST", path(unit, "/recovery"), report, UnitView.class);
    }

    public Permit permit(UnitId unit, PermitRequest request) {
        return control("POST", path(unit, "/permit"), request, Permit.class);
    }

    /**
     * Gives a permit back that was not used, so that it does not go on counting.
     *
     * @param question the last one that it may answer; a later one keeps it
     */
    public void releasePermit(UnitId unit, StartId start, long question) {
        control(
                "DELETE",
                path(unit, "/permit?startId=%s&question=%d".formatted(start, question)),
                null,
                Nothing.class);
    }

    public void incident(UnitId unit, StartId failed, IncidentReport report) {
        control("PUT", path(unit, "/incidents/" + failed), report, Nothing.class);
    }

    /**
     * @param timeout for one attempt at one URL; a registry that does not store marks is left for
     *     the next one
     */
    public NodeBeatAnswer beat(NodeName node, NodeBeat beat, Duration timeout) {
        return calls.call(
                new Call<>(
                        "PUT",
                        "/v1/nodes/" + node.value() + "/heartbeat",
                        beat,
                        NodeBeatAnswer.class),
                timeout,
                NodeBeatAnswer::stored);
    }

    @Override
    public void close() {
        calls.close();
    }

    private <T> T control(String method, String path, @Nullable Object body, Class<T> answer) {
        Predicate<T> any = _ -> true;
        return calls.call(new Call<>(method, path, body, answer), timeout, any);
    }

    private static String path(UnitId unit, String rest) {
        return "/v1/units/" + encoded(unit) + rest;
    }

    private static String encoded(UnitId unit) {
        return URLEncoder.encode(unit.value(), StandardCharsets.UTF_8);
    }

    /** One request, before it is known which URL gets it. */
    record Call<T>(String method, String path, @Nullable Object body, Class<T> answer) {}

    /** The answer of calls that answer 204. */
    static final class Nothing {
        static final Nothing NOTHING = new Nothing();

        private Nothing() {}
    }

    private record IncidentPage(List<KnownIncident> incidents) {
        private IncidentPage {
            incidents = List.copyOf(incidents);
        }
    }

    private record PolicyList(List<StoredPolicy> policies) {
        private PolicyList {
            policies = List.copyOf(policies);
        }
    }

    private record UnitPage(List<UnitView> units, long total) {
        private UnitPage {
            units = List.copyOf(units);
        }
    }
}
