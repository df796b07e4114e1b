package io.tradingbreaker.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ApplicationContext;
import org.springframework.core.SpringVersion;

/** That this line of Spring Boot runs here, and nothing of another. */
@RunningApplication
class LineTests {

    private static final String LINE = System.getProperty("expected.line").replaceFirst(".*-", "");
    private static final boolean IS_BOOT_3 = LINE.startsWith("3.");

    @Autowired
    private ApplicationContext context;

    @Test
    void version_isTheOneConfigured() {
        assertThat(SpringBootVersion.getVersion())
                .isEqualTo(System.getProperty("expected.version"))
                .startsWith(LINE + ".");
        assertThat(SpringVersion.getVersion()).startsWith(IS_BOOT_3 ? "6.2." : "7.0.");
    }

    @Test
    void jars_areAllOfThatVersion() {
        List<String> jars = ClassPath.jars();
        assertThat(jars)
                .filteredOn(name -> name.matches("spring-boot-?[a-z-]*-\\d.*"))
                .hasSizeGreaterThan(10)
                .allMatch(name -> name.endsWith("-" + SpringBootVersion.getVersion() + ".jar"));
        assertThat(jars)
                .filteredOn(name -> name.matches("spring-(aop|aspects|beans|context|core|expression|test|web[a-z]*)-\\d.*"))
                .hasSizeGreaterThan(7)
                .allMatch(name -> name.endsWith("-" + SpringVersion.getVersion() + ".jar"));
        assertThat(jars)
                .filteredOn(name -> name.startsWith("jackson-databind-"))
                .as("the generation of Jackson")
                .isNotEmpty()
                .allMatch(name -> name.startsWith(IS_BOOT_3 ? "jackson-databind-2." : "jackson-databind-3."));
    }

    @Test
    void healthIndicator_isTheOneOfThisLine() {
        assertThat(context.getBean("tradingBreakerHealthIndicator").getClass().getSimpleName())
                .isEqualTo(IS_BOOT_3 ? "Boot3HealthIndicator" : "TradingBreakerHealthIndicator");
        assertThat(context.containsBeanDefinition("io.tradingbreaker.spring.boot3.Boot3HealthAutoConfiguration"))
                .isEqualTo(IS_BOOT_3);
        assertThat(context.containsBeanDefinition(
                        "io.tradingbreaker.spring.autoconfigure.actuate.TradingBreakerHealthAutoConfiguration"))
                .isNotEqualTo(IS_BOOT_3);
    }
}
