package dev.lepton.registry.move;

import dev.lepton.client.registration.ExitReport;

/** Says an exit in one sentence. */
final class ExitWords {

    private ExitWords() {}

    static String of(ExitReport report) {
        StringBuilder words = new StringBuilder(report.expected() ? "stopped" : "exited");
        if (report.exitCode() != null) {
            words.append(" with code ").append(report.exitCode());
        }
        if (report.signal() != null) {
            words.append(" by signal ").append(report.signal());
        }
        if (report.reason() != null) {
            words.append(": ").append(report.reason());
        }
        return words.toString();
    }
}
