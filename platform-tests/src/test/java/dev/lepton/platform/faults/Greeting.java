package dev.lepton.platform.faults;

import dev.lepton.platform.load.KeepAliveClient;
import dev.lepton.platform.load.Sample;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which start of which worker said hello, and how many units the gateway had asked until then. */
record Greeting(String unit, long incarnation, int attempts) {

    private static final Pattern INCARNATION = Pattern.compile("\"incarnation\":(\\d+)");

    static Greeting ask(KeepAliveClient gateway) throws IOException {
        KeepAliveClient.Answer answer = gateway.get("/worker/hello");
        Matcher incarnation = INCARNATION.matcher(answer.text());
        if (answer.status() != 200 || !incarnation.find()) {
            throw new IOException(answer.status() + " " + answer.text());
        }
        String attempts = answer.header("Lepton-Attempts");
        return new Greeting(
                answer.header("Lepton-Unit"),
                Long.parseLong(incarnation.group(1)),
                attempts.isEmpty() ? 1 : Integer.parseInt(attempts));
    }

    String text() {
        return unit + " " + incarnation + " " + attempts;
    }

    static Greeting of(Sample sample) {
        String[] parts = String.valueOf(sample.by()).split(" ");
        return new Greeting(parts[0], Long.parseLong(parts[1]), Integer.parseInt(parts[2]));
    }
}
