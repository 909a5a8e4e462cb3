package dev.lepton.supervisor;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The smallest program that can be a unit: answers any GET with its process id. */
public final class TinyUnit {

    private TinyUnit() {}

    /**
     * @param arguments the port, and after how many milliseconds to listen on it
     */
    public static void main(String[] arguments) throws Exception {
        System.out.println("begins " + System.currentTimeMillis());
        if (arguments.length > 1) {
            TimeUnit.MILLISECONDS.sleep(Long.parseLong(arguments[1]));
        }
        HttpServer server =
                HttpServer.create(
                        new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), 0);
        byte[] body =
                String.valueOf(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        System.out.println("listens " + System.currentTimeMillis());
    }

    /** The words of a declaration's command that run it, each in quotes. */
    public static String command(String... arguments) {
        return command(TinyUnit.class, arguments);
    }

    /** The same for another program of the tests. */
    public static String command(Class<?> program, String... arguments) {
        StringBuilder command =
                new StringBuilder(
                        "\"${java}\", -Xmx32m, -XX:+UseSerialGC, -XX:TieredStopAtLevel=1, -XX:+ExitOnOutOfMemoryError, -cp, \"%s\", %s, \"${port}\""
                                .formatted(classes(), program.getName()));
        for (String argument : arguments) {
            command.append(", \"").append(argument).append('"');
        }
        return command.toString();
    }

    private static String classes() {
        return java.nio.file.Path.of(
                        java.net.URI.create(
                                TinyUnit.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toString()))
                .toString();
    }
}
