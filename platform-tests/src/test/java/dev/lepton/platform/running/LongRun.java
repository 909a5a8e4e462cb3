package dev.lepton.platform.running;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** Takes its time, which the ordinary build has not: a build that says so runs it. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
        value = "dev.lepton.platform.running.Bounds#runIsLong",
        disabledReason = "takes a minute and more: runs with -Pfull and with -Pendurance")
public @interface LongRun {}
