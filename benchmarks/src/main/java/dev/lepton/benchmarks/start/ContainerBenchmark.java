package dev.lepton.benchmarks.start;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the images and containers of {@code docker-compose.yml} take: of the project that runs now.
 */
public final class ContainerBenchmark {

    private static final Pattern STARTED =
            Pattern.compile("Started \\S+ in (\\S+) seconds \\(process running for (\\S+)\\)");

    private static final String BASE = "eclipse-temurin:25-jre";
    private static final long MEGA = 1_000_000;

    private final Command command;

    public ContainerBenchmark(Path checkout) {
        this.command = new Command(checkout, Map.of());
    }

    public void run() throws IOException, InterruptedException {
        long base = sizeOf(BASE);
        System.out.println(
                "| service | image | of that Lepton's own layers | until started, of which the application | memory |\n"
                        + "| --- ".repeat(5)
                        + "|");
        for (String service : List.of("registry", "gateway", "worker-1")) {
            String container = container(service);
            if (container.isEmpty()) {
                throw new IOException(
                        service + " does not run: start it with 'docker-compose up -d'");
            }
            Matcher started = STARTED.matcher(ask("docker", "logs", container));
            String times = "";
            while (started.find()) {
                times = started.group(2) + " s, " + started.group(1) + " s";
            }
            String image = ask("docker", "inspect", "--format", "{{.Image}}", container);
            long bytes = sizeOf(image);
            String memory =
                    ask("docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", container);
            System.out.printf(
                    "| %s | %d MB | %d MB | %s | %s |%n",
                    service, bytes / MEGA, (bytes - base) / MEGA, times, memory);
        }
    }

    private String container(String service) throws IOException, InterruptedException {
        try {
            return ask("docker-compose", "ps", "-q", service);
        } catch (IOException none) {
            return ask("docker", "compose", "ps", "-q", service);
        }
    }

    private String ask(String... words) throws IOException, InterruptedException {
        return command.run(List.of(words)).strip();
    }

    private long sizeOf(String image) throws IOException, InterruptedException {
        return Long.parseLong(ask("docker", "image", "inspect", "--format", "{{.Size}}", image));
    }
}
