package dev.lepton.registry.problem;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Answers for what failed before a controller was reached, or outside of Spring MVC. */
@Controller
class FallbackErrorController implements ErrorController {

    private final ProblemWriter problems;

    FallbackErrorController(ProblemWriter problems) {
        this.problems = problems;
    }

    @RequestMapping("${spring.web.error.path:/error}")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        HttpStatus status =
                code instanceof Integer number
                        ? Objects.requireNonNullElse(
                                HttpStatus.resolve(number), HttpStatus.INTERNAL_SERVER_ERROR)
                        : HttpStatus.NOT_FOUND;
        problems.write(response, status, Problem.code(status), Problem.rule(status));
    }
}
