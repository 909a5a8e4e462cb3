package dev.lepton.supervisor;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The socket proxy as a process of its own. */
final class SocketProxyProcess implements AutoCloseable {

    private final int port = SupervisorProcess.freePort();
    private final Path output;
    private final Process process;

    SocketProxyProcess(Path folder, Map<String, String> environment) throws IOException {
        output = folder.resolve("proxy.out");
        ProcessBuilder builder =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-Xmx64m",
                                        "-XX:+UseSerialGC",
                                        "-XX:TieredStopAtLevel=1",
                                        "-cp",
                                        System.getProperty(
                                                "surefire.test.class.path",
                                                System.getProperty("java.class.path")),
                                        SupervisorApplication.class.getName(),
                                        "socket-proxy"))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().remove("HOSTNAME");
        builder.environment().put("LEPTON_PORT", Integer.toString(port));
        builder.environment().putAll(environment);
        process = builder.start();
    }

    SocketProxyProcess awaitListening() {
        await().atMost(SupervisorProcess.PATIENCE)
                .ignoreExceptions()
                .until(() -> status("GET", "/_ping") == 200);
        return this;
    }

    int port() {
        return port;
    }

    int status(String method, String target) throws IOException {
        return Integer.parseInt(call(method, target).split(" ")[1]);
    }

    /** All that it answers. */
    String call(String method, String target) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write(
                            "%s %s HTTP/1.1\r\nHost: engine\r\n\r\n"
                                    .formatted(method, target)
                                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
