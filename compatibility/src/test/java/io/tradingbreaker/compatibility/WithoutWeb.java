package io.tradingbreaker.compatibility;

import io.tradingbreaker.BreakerRegistry;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/** A service without a web stack. No configuration class, so that the application beside it does not scan it. */
@EnableAutoConfiguration
@Import({TradingDesk.class, Venue.class})
class WithoutWeb {

    static final String PRINTED =
            "filled buy SOL, last quote of SOL while HALTED, [tradingBreakerEndpoint, tradingBreakerHealthIndicator]";

    public static void main(String[] arguments) {
        try (ConfigurableApplicationContext context = SpringApplication.run(WithoutWeb.class, arguments)) {
            TradingDesk desk = context.getBean(TradingDesk.class);
            String bought = desk.buy("SOL");
            context.getBean(BreakerRegistry.class).halt("stop", null);
            Set<String> more = new TreeSet<>(Set.of(context.getBeanDefinitionNames()));
            more.retainAll(Set.of("tradingBreakerHealthIndicator", "tradingBreakerEndpoint", "tradingPausedAdvice"));
            System.out.println(bought + ", " + desk.quote("SOL") + ", " + more);
        }
    }
}
