package dev.lepton.cli.drill;

import dev.lepton.cli.drill.DrillReport.ProbeResult;
import dev.lepton.cli.drill.DrillReport.Round;
import dev.lepton.cli.home.Home;
import dev.lepton.cli.outcome.CommandFailed;
import dev.lepton.cli.outcome.ExitCode;
import dev.lepton.cli.running.Surroundings;
import dev.lepton.cli.supervisor.DrillOrder;
import dev.lepton.cli.supervisor.DrillReply;
import dev.lepton.cli.supervisor.DrillReply.RailState;
import dev.lepton.cli.supervisor.SupervisorApi;
import dev.lepton.cli.supervisor.UnitRow;
import dev.lepton.cli.terminal.Table;
import dev.lepton.cli.terminal.Terminal;
import dev.lepton.client.incident.Drill;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.rest.RegistryClient;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.Texts;
import dev.lepton.client.unit.UnitId;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Has units struck one after the other, and tells how each was recovered. */
public final class DrillCommand {

    private static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration BASELINE = Duration.ofSeconds(1);

    /** Of a unit that no start holds; the supervisor says how it is. */
    private static final StartId NO_START = new StartId(new UUID(0, 0));

    private final Terminal terminal;
    private final Surroundings around;
    private final Home home;
    private final DrillOptions options;
    private final boolean asJson;
    private final UnitChoice choice;
    private final List<Round> rounds = new ArrayList<>();
    private List<RailState> rails = List.of();
    private @Nullable String refusal;
    private String unit = "";

    public DrillCommand(
            Terminal terminal,
            Surroundings around,
            Home home,
            DrillOptions options,
            boolean asJson) {
        this.terminal = terminal;
        this.around = around;
        this.home = home;
        this.options = options;
        this.asJson = asJson;
        this.choice = new UnitChoice(options.service(), options.unit());
    }

    /**
     * @throws CommandFailed with {@link ExitCode#REFUSED} when a guard rail refuses it, and with
     *     {@link ExitCode#FAILED} when a unit did not recover or a request failed
     */
    public ExitCode run() throws InterruptedException {
        try (SupervisorApi supervisor = SupervisorApi.of(home)) {
            if (options.go()) {
                strikeAll(supervisor);
            } else {
                tellOnly(supervisor);
            }
            return ExitCode.OK;
        } finally {
            if (asJson && !unit.isEmpty()) {
                terminal.print(json());
            }
        }
    }

    private void tellOnly(SupervisorApi supervisor) {
        UnitRow row = choice.among(supervisor.units(), rounds);
        DrillReply reply = ask(supervisor, row, false);
        if (!asJson) {
            Table table = new Table("RAIL", "HOLDS", "WHY");
            reply.rails()
                    .forEach(each ->
                            table.row(each.rail(), each.holds() ? "yes" : "NO", each.told()));
            table.lines().forEach(terminal::print);
        }
        refuse(reply);
        if (!asJson) {
            terminal.print(
                    "%s would be struck by %s (start %s). Nothing was done: add --go"
                            .formatted(row.id(), options.fault().signal(), row.startId()));
        }
    }

    private void strikeAll(SupervisorApi supervisor) throws InterruptedException {
        List<URI> urls = supervisor.node().registryUrls();
        if (urls.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.CONFIGURATION,
                    "this platform has no registry, and without one there is no drill: set"
                            + " 'registry' in lepton.yml");
        }
        try (RegistryClient registry = new RegistryClient(urls, home.token(), REGISTRY_TIMEOUT)) {
            for (int number = 1; number <= options.rounds(); number++) {
                Round round = round(supervisor, registry, number);
                rounds.add(round);
                if (!asJson) {
                    RoundWords.lines(number, options.fault(), round).forEach(terminal::print);
                }
                if (!round.good()) {
                    throw new CommandFailed(ExitCode.FAILED, RoundWords.failure(round));
                }
            }
        }
    }

    private Round round(SupervisorApi supervisor, RegistryClient registry, int number)
            throws InterruptedException {
        List<UnitRow> rows = supervisor.units();
        UnitRow row = choice.among(rows, rounds);
        String path = options.probe();
        if (path == null) {
            return strike(supervisor, registry, row, number);
        }
        baseline(rows, path);
        try (GatewayProbe probe = new GatewayProbe(gateway(rows), path, around)) {
            Round round = strike(supervisor, registry, row, number);
            around.pause(BASELINE);
            return round.with(probe.result());
        }
    }

    /** What fails without a drill says nothing of one. */
    private void baseline(List<UnitRow> rows, String path) throws InterruptedException {
        try (GatewayProbe probe = new GatewayProbe(gateway(rows), path, around)) {
            around.pause(BASELINE);
            ProbeResult before = probe.result();
            if (before.failed() > 0) {
                throw new CommandFailed(
                        ExitCode.FAILED,
                        "%d of %d requests to %s fail without a drill (%s); nothing was done"
                                .formatted(
                                        before.failed(),
                                        before.sent(),
                                        path,
                                        before.firstFailure()));
            }
        }
    }

    private static String gateway(List<UnitRow> rows) {
        return rows.stream()
                .filter(row -> row.service().equals("gateway"))
                .map(UnitRow::address)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() ->
                        new CommandFailed(
                                ExitCode.FAILED,
                                "no gateway runs on this node: leave out --probe"));
    }

    private Round strike(
            SupervisorApi supervisor, RegistryClient registry, UnitRow row, int number) {
        refuse(askToStrike(supervisor, row));
        terminal.progress(
                "round %d: %s was struck by %s; Lepton recovers it by itself"
                        .formatted(number, row.id(), options.fault().signal()));
        Thread hook = Thread.ofPlatform().unstarted(() -> sayThatItGoesOn(row));
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return new DrillRun(
                            supervisor,
                            registry,
                            terminal,
                            around,
                            new UnitId(row.id()),
                            StartId.parse(String.valueOf(row.startId())))
                    .follow();
        } finally {
            remove(hook);
        }
    }

    private DrillReply askToStrike(SupervisorApi supervisor, UnitRow row) {
        try {
            return ask(supervisor, row, true);
        } catch (CommandFailed e) {
            if (e.exitCode() != ExitCode.NOTHING_RUNS.number()) {
                throw e;
            }
            throw new CommandFailed(
                    ExitCode.NOTHING_RUNS,
                    "%s; '%s' may have been struck all the same, and is recovered then"
                            .formatted(e.sentence(), row.id()),
                    e);
        }
    }

    private void sayThatItGoesOn(UnitRow row) {
        terminal.progress(
                "lepton: no longer watched; Lepton recovers %s all the same, './lepton units' shows it"
                        .formatted(row.id()));
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The process is ending, and the hook has its say.
        }
    }

    private DrillReply ask(SupervisorApi supervisor, UnitRow row, boolean go) {
        unit = row.id();
        String startId = row.startId() == null ? NO_START.toString() : row.startId();
        DrillReply reply =
                supervisor.drill(
                        new UnitId(row.id()),
                        new DrillOrder(options.fault(), startId, operator(), go));
        rails = reply.rails();
        refusal = reply.detail();
        return reply;
    }

    private static String operator() {
        String user = System.getProperty("user.name", "");
        return user.isBlank() ? "an operator" : Texts.fitted(user, Drill.LONGEST_NAME);
    }

    private static void refuse(DrillReply reply) {
        if (reply.detail() != null) {
            throw new CommandFailed(
                    ExitCode.REFUSED, "no drill: %s. Nothing was done".formatted(reply.detail()));
        }
    }

    private String json() {
        JsonMapper mapper = ProtocolJson.configure(JsonMapper.builder()).build();
        return mapper.writerWithDefaultPrettyPrinter()
                .writeValueAsString(
                        new DrillReport(
                                options.service(),
                                options.fault(),
                                options.go(),
                                unit,
                                refusal,
                                rails,
                                rounds));
    }
}
