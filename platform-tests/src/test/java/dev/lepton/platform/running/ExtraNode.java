package dev.lepton.platform.running;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One more supervisor of a platform, on a folder of its own, as another host would have it. The
 * folder lies within the platform's, and is removed, or kept after a failure, with that one.
 */
public final class ExtraNode implements AutoCloseable {

    private final Path home;
    private final List<Integer> ports = FreePorts.take(2);
    private final Path token;
    private final List<String> within;
    private final JsonHttp http;
    private Process supervisor;

    private record Units(List<UnitStatus> units) {}

    private record Budgets(List<BudgetedUnit> units) {}

    private record BudgetedUnit(String id, Budget budget) {}

    private record Budget(int used) {}

    /**
     * @param declaration of the node, without its name and registry
     */
    public ExtraNode(Platform platform, String name, String declaration) {
        this(platform, name, platform.registry(), declaration);
    }

    /**
     * @param registry where the node looks for it
     */
    public ExtraNode(Platform platform, String name, URI registry, String declaration) {
        this(platform.home(), registry, name, declaration, List.of());
    }

    /**
     * The same on another machine.
     *
     * @param registry where that machine reaches it
     */
    public ExtraNode(
            Platform platform, String name, URI registry, String declaration, Machine machine) {
        this(platform.home(), registry, name, machine.declares(declaration), machine.within());
    }

    /**
     * @param folder of the platform, with its token
     * @param within the words before a command that has it run on another machine
     */
    ExtraNode(Path folder, URI registry, String name, String declaration, List<String> within) {
        this.token = folder.resolve("token");
        this.within = within;
        this.http = new JsonHttp(token);
        try {
            home = Files.createTempDirectory(folder, name + "-");
            Files.writeString(
                    home.resolve("lepton.yml"),
                    "node: %s\nregistry: %s\n%s".formatted(name, registry, declaration));
            supervisor = startSupervisor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process startSupervisor() throws IOException {
        List<String> words = new ArrayList<>(within);
        words.addAll(
                List.of(
                        Checkout.java().toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        Checkout.jar("supervisor-service").toString(),
                        "--lepton.file=" + home.resolve("lepton.yml"),
                        "--lepton.home=" + home,
                        "--lepton.token-file=" + token,
                        "--server.port=" + ports.getFirst(),
                        "--management.server.port=" + ports.getLast()));
        ProcessBuilder command = new ProcessBuilder(words);
        command.environment().keySet().removeIf(name -> name.startsWith("LEPTON_"));
        return command.redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(home.resolve("supervisor.log").toFile()))
                .start();
    }

    public Process supervisor() {
        return supervisor;
    }

    /** What the supervisor says of a unit. */
    public UnitStatus unit(String id) throws IOException {
        return http.get(uri("/v1/units"), Units.class).units().stream()
                .filter(u -> u.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no unit " + id));
    }

    /** The same, as it stands there. */
    public String says(String unit) throws IOException {
        return http.send("GET", uri("/v1/units/" + unit), null);
    }

    /** How many restarts of a unit count towards the limit of its short period now. */
    public int recentRestartsOf(String unit) throws IOException {
        URI status = URI.create("http://127.0.0.1:" + ports.getLast() + "/actuator/lepton");
        return http.get(status, Budgets.class).units().stream()
                .filter(u -> u.id().equals(unit))
                .map(u -> u.budget().used())
                .findFirst()
                .orElseThrow();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + ports.getFirst() + path);
    }

    /** The processes of a unit that run here. */
    public List<Long> processesOf(String unit) {
        return LeptonProcesses.ofUnit(home, unit);
    }

    /** The supervisor alone is gone at once. */
    public void loseSupervisor() throws InterruptedException {
        Signals.kill(supervisor.pid());
        supervisor.waitFor();
    }

    /** As when the power fails: the supervisor and all that it runs are gone at once. */
    public void loseAll() throws InterruptedException {
        List<Long> all = new ArrayList<>(List.of(supervisor.pid()));
        all.addAll(LeptonProcesses.of(home));
        Signals.kill(all);
        supervisor.waitFor();
    }

    public Path home() {
        return home;
    }

    public void comeBack() throws IOException {
        supervisor = startSupervisor();
    }

    @Override
    public void close() throws Exception {
        supervisor.destroy();
        if (!supervisor.waitFor(60, TimeUnit.SECONDS)) {
            supervisor.destroyForcibly();
        }
        List<Long> left = LeptonProcesses.of(home);
        left.forEach(Signals::kill);
        if (!left.isEmpty()) {
            throw new AssertionError("processes were left after an orderly stop: " + left);
        }
    }
}
