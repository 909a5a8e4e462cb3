package dev.lepton.registry.security;

import dev.lepton.client.rest.BearerToken;
import dev.lepton.registry.problem.ProblemWriter;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.util.StringUtils;

/** Sets the token before the body's limit, so that a stranger cannot make the registry read. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    @Bean
    BearerToken bearerToken(
            @Value("${lepton.token-file:}") String tokenFile,
            @Value("${lepton.home}") Path leptonHome) {
        return new TokenFile(tokenFile(tokenFile, leptonHome)).readOrMake();
    }

    /**
     * @param named empty for the one in the home folder
     */
    static Path tokenFile(String named, Path leptonHome) {
        return StringUtils.hasText(named) ? Path.of(named) : leptonHome.resolve("token");
    }

    @Bean
    FilterRegistrationBean<BearerTokenFilter> bearerTokenFilter(
            BearerToken token, ProblemWriter problems) {
        return first(new BearerTokenFilter(token, problems), 0);
    }

    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimitFilter(ProblemWriter problems) {
        return first(new BodyLimitFilter(problems), 1);
    }

    private static <F extends jakarta.servlet.Filter> FilterRegistrationBean<F> first(
            F filter, int place) {
        FilterRegistrationBean<F> registration = new FilterRegistrationBean<>(filter);
        registration.addUrlPatterns("/*");
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 100 + place);
        return registration;
    }
}
