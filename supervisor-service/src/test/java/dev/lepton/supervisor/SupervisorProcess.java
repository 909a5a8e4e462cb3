package dev.lepton.supervisor;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A supervisor as a process of its own, on a folder of the test's. */
final class SupervisorProcess implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final JsonMapper JSON = new JsonMapper();

    final Path folder;
    final Path home;
    final Path output;
    final int managementPort;
    private final HttpClient http = HttpClient.newHttpClient();
    private Process process;

    SupervisorProcess(Path folder, String declaration) throws IOException {
        this.folder = folder;
        this.home = folder.resolve(".lepton");
        this.output = folder.resolve("supervisor.out");
        this.managementPort = freePort();
        Files.writeString(folder.resolve("lepton.yml"), declaration);
    }

    /** The command that starts it. */
    List<String> command(String... more) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx128m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                SupervisorApplication.class.getName(),
                                "--management.server.port=" + managementPort));
        if (Stream.of(more).noneMatch(word -> word.startsWith("--server.port="))) {
            command.add("--server.port=0");
        }
        command.addAll(List.of(more));
        return command;
    }

    SupervisorProcess start() throws IOException {
        process = launch(command());
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new AssertionError("the supervisor ended:\n" + output());
                    }
                    return Files.exists(home.resolve("supervisor/supervisor.json"))
                            && note().get("pid").asLong() == process.pid();
                });
        return this;
    }

    Process launch(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
    }

    Process process() {
        return process;
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    JsonNode note() throws IOException {
        return JSON.readTree(Files.readAllBytes(home.resolve("supervisor/supervisor.json")));
    }

    String token() throws IOException {
        return Files.readString(home.resolve("token")).strip();
    }

    HttpRequest.Builder request(String path) throws IOException {
        return HttpRequest.newBuilder(URI.create(note().get("url").asString() + path))
                .timeout(Duration.ofSeconds(30));
    }

    HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(
                request.header("Authorization", "Bearer " + token()).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> sendWithout(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return JSON.readTree(send(request(path)).body());
    }

    JsonNode actuator(String path) throws IOException, InterruptedException {
        return JSON.readTree(actuatorText(path));
    }

    String actuatorText(String path) throws IOException, InterruptedException {
        return sendWithout(
                        HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:"
                                                + managementPort
                                                + "/actuator/"
                                                + path)))
                .body();
    }

    HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    JsonNode unit(String id) throws IOException, InterruptedException {
        return StreamSupport.stream(get("/v1/units").get("units").spliterator(), false)
                .filter(unit -> unit.get("id").asString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    SupervisorProcess awaitReady() {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(() -> get("/v1/node").get("ready").asBoolean());
        return this;
    }

    SupervisorProcess awaitState(String unit, String state) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(() -> unit(unit).get("state").asString().equals(state));
        return this;
    }

    void kill9() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    int waitFor() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the supervisor does not end");
        }
        return process.exitValue();
    }

    /** Stops it in order, and with it all units. */
    @Override
    public void close() throws Exception {
        if (process != null
                && !process.isAlive()
                && Files.exists(home.resolve("supervisor/supervisor.json"))) {
            // It was killed; its units run on until another one stops them.
            start();
        }
        if (process != null && process.isAlive()) {
            process.destroy();
            waitFor();
        }
        http.close();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
