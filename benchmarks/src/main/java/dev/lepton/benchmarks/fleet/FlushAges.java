package dev.lepton.benchmarks.fleet;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks four times a second how old the last flush of marks is: as old as it took when it has just
 * ended, older by the pause between flushes when the next one is about to end.
 */
final class FlushAges implements AutoCloseable {

    private static final Pattern AGE = Pattern.compile("\"flushAgeMillis\":(\\d+)");

    /** No divisor of the pause between flushes, so that every age is met. */
    private static final long EVERY_MILLIS = 267;

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpRequest request;
    private final List<Double> ages = new ArrayList<>();
    private final ScheduledExecutorService looker =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("flush-ages").factory());

    FlushAges(URI actuator) {
        request =
                HttpRequest.newBuilder(actuator.resolve("/actuator/lepton"))
                        .timeout(Duration.ofSeconds(5))
                        .build();
        looker.scheduleWithFixedDelay(
                this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            Matcher age = AGE.matcher(http.send(request, BodyHandlers.ofString()).body());
            if (age.find()) {
                add(Double.parseDouble(age.group(1)));
            }
        } catch (IOException e) {
            System.err.println("the age of the flush is not known: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void add(double millis) {
        ages.add(millis);
    }

    /** The middle one and the longest. */
    synchronized double[] middleAndLongest() {
        List<Double> sorted = ages.stream().sorted().toList();
        return sorted.isEmpty()
                ? new double[] {Double.NaN, Double.NaN}
                : new double[] {sorted.get((sorted.size() - 1) / 2), sorted.getLast()};
    }

    @Override
    public void close() {
        looker.shutdownNow();
        http.shutdownNow();
    }
}
