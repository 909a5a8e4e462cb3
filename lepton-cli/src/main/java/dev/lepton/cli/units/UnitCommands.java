package dev.lepton.cli.units;

import dev.lepton.cli.home.Home;
import dev.lepton.cli.outcome.CommandFailed;
import dev.lepton.cli.outcome.ExitCode;
import dev.lepton.cli.supervisor.SupervisorApi;
import dev.lepton.cli.terminal.Terminal;
import dev.lepton.client.registration.DrainRequest;
import dev.lepton.client.rest.RegistryClient;
import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitView;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What an operator does with the units of a running platform. */
public final class UnitCommands {

    private static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(5);
    private static final DrainRequest BY_OPERATOR = new DrainRequest(null, "by an operator");
    private static final List<String> ALWAYS_SHOWN =
            List.of("id", "service", "state", "address", "pid", "incarnation");

    private final Terminal terminal;

    public UnitCommands(Terminal terminal) {
        this.terminal = terminal;
    }

    public ExitCode list(Home home, boolean asJson) {
        try (SupervisorApi supervisor = SupervisorApi.of(home)) {
            if (asJson) {
                terminal.print(json(supervisor.unitsJson()));
            } else {
                new UnitTable(supervisor.units()).lines().forEach(terminal::print);
            }
        }
        return ExitCode.OK;
    }

    public ExitCode logs(Home home, UnitId unit, int lines, boolean follow) throws IOException {
        try (SupervisorApi supervisor = SupervisorApi.of(home)) {
            supervisor.copyLogs(unit, lines, follow, terminal.out());
        }
        return ExitCode.OK;
    }

    public ExitCode restart(Home home, UnitId unit) {
        try (SupervisorApi supervisor = SupervisorApi.of(home)) {
            supervisor.restart(unit);
        }
        terminal.print("%s is being restarted".formatted(unit));
        return ExitCode.OK;
    }

    public ExitCode drain(Home home, UnitId unit) {
        return atTheRegistry(home, registry -> registry.drain(unit, BY_OPERATOR));
    }

    public ExitCode undrain(Home home, UnitId unit) {
        return atTheRegistry(home, registry -> registry.undrain(unit, BY_OPERATOR));
    }

    private ExitCode atTheRegistry(Home home, Function<RegistryClient, UnitView> call) {
        List<URI> urls;
        try (SupervisorApi supervisor = SupervisorApi.of(home)) {
            urls = supervisor.node().registryUrls();
        }
        if (urls.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.CONFIGURATION,
                    "this platform has no registry: set 'registry' in lepton.yml");
        }
        try (RegistryClient registry = new RegistryClient(urls, home.token(), REGISTRY_TIMEOUT)) {
            UnitView unit = call.apply(registry);
            terminal.print("%s is %s".formatted(unit.unitId(), unit.state()));
            return ExitCode.OK;
        } catch (RegistryRefusal e) {
            throw refused(e);
        }
    }

    private static CommandFailed refused(RegistryRefusal refusal) {
        return switch (refusal) {
            case RegistryRefusal.Unavailable e ->
                    new CommandFailed(
                            ExitCode.NOTHING_RUNS,
                            "no registry answers (%s); './lepton units' shows its state"
                                    .formatted(e.getMessage()),
                            e);
            case RegistryRefusal.NotRegistered e ->
                    new CommandFailed(
                            ExitCode.FAILED,
                            "%s; './lepton units' lists the units".formatted(e.getMessage()),
                            e);
            default ->
                    new CommandFailed(
                            ExitCode.FAILED, String.valueOf(refusal.getMessage()), refusal);
        };
    }

    /** As the supervisor says it, with the promised members first and present in every unit. */
    private static String json(JsonNode units) {
        JsonMapper mapper = JsonMapper.builder().build();
        ObjectNode answer = mapper.createObjectNode();
        ArrayNode rows = answer.putArray("units");
        for (JsonNode unit : units) {
            ObjectNode row = rows.addObject();
            for (String member : ALWAYS_SHOWN) {
                JsonNode value = unit.get(member);
                row.set(member, value == null ? row.nullNode() : value);
            }
            unit.forEachEntry((member, value) -> row.set(member, value));
        }
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(answer);
    }
}
