package dev.lepton.benchmarks.faults;

import java.io.IOException;

/** What happens to a unit. */
enum Fault {
    FREEZE("SIGSTOP", "-STOP"),
    KILL("kill -9", "-KILL");

    private final String title;
    private final String signal;

    Fault(String title, String signal) {
        this.title = title;
        this.signal = signal;
    }

    String title() {
        return title;
    }

    void strike(ProcessHandle unit) {
        try {
            int exit =
                    new ProcessBuilder("kill", signal, Long.toString(unit.pid())).start().waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill " + signal + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot send " + signal, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before the fault", e);
        }
    }
}
