package dev.lepton.supervisor.declaration;

import java.util.List;
import java.util.stream.Collectors;

/** The file declares nothing that could be run; holds every problem that was found. */
public final class DeclarationRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public DeclarationRefused(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
