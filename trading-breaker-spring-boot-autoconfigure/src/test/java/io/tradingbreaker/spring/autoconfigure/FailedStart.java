package io.tradingbreaker.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * What an application printed that did not start.
 *
 * @param description below that heading
 * @param action below that heading
 */
record FailedStart(String description, String action) {

    private static final Pattern REPORT = Pattern.compile(
            "APPLICATION FAILED TO START\n\\*+\n\nDescription:\n\n(.*?)\n\nAction:\n\n(.*)", Pattern.DOTALL);

    /** Starts a real application from a real file, in which it finds nothing but the input. */
    static void of(BadInput input, Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("application.yml"), input.yaml());
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, input.environment()));
        List<String> arguments = new ArrayList<>(input.arguments());
        arguments.add("--spring.config.location=" + file.toUri());
        arguments.add("--spring.main.register-shutdown-hook=false");
        SpringApplicationBuilder application = new SpringApplicationBuilder(Application.class)
                .environment(environment)
                .sources(input.beans().stream().map(FailedStart::bean).toArray(Class<?>[]::new))
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF);
        Throwable failure = catchThrowable(
                () -> application.run(arguments.toArray(String[]::new)).close());
        assertThat(failure).as("the start fails").isNotNull();
    }

    /** Reads it from the output, where files are given without their directory. */
    static FailedStart in(String output) {
        assertThat(output.lines())
                .as("no stack trace")
                .noneMatch(line -> line.startsWith("\tat ")
                        || line.startsWith("Caused by: ")
                        || line.matches("[\\w.$]+(Exception|Error)(:.*)?"));
        Matcher report = REPORT.matcher(output.replaceAll("URL \\[file:\\S*?([^/\\]]+)]", "$1"));
        assertThat(report.find()).as("a report is printed: %s", output).isTrue();
        return new FailedStart(report.group(1).strip(), report.group(2).strip());
    }

    private static Class<?> bean(String name) {
        for (Class<?> bean : BadGuards.class.getDeclaredClasses()) {
            if (bean.getSimpleName().equals(name)) {
                return bean;
            }
        }
        throw new IllegalArgumentException("there is no bean " + name);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
