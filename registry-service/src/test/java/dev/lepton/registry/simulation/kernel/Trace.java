package dev.lepton.registry.simulation.kernel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The last of what happened; put into words only when somebody wants to read it. */
public final class Trace {

    private static final int KEPT = 400;

    private record Line(long at, Supplier<String> words) {}

    private final Agenda agenda;
    private final Deque<Line> lines = new ArrayDeque<>();

    public Trace(Agenda agenda) {
        this.agenda = agenda;
    }

    public void say(Supplier<String> words) {
        if (lines.size() == KEPT) {
            lines.removeFirst();
        }
        lines.addLast(new Line(agenda.now(), words));
    }

    @Override
    public String toString() {
        return lines.stream()
                .map(line -> "%10.4f  %s".formatted(line.at / 1e9, line.words.get()))
                .collect(Collectors.joining("\n"));
    }
}
