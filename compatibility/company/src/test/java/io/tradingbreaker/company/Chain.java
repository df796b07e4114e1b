package io.tradingbreaker.company;

import io.tradingbreaker.spring.aop.LatencyGuardedAdvisor;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.springframework.aop.Advisor;
import org.springframework.aop.aspectj.AbstractAspectJAdvice;
import org.springframework.aop.framework.Advised;

/** The advice around a bean, as Spring laid it. */
final class Chain {

    private Chain() {}

    /** From outside to inside, as the annotations that it stands for. */
    static List<String> of(Object bean) {
        return Stream.of(((Advised) bean).getAdvisors())
                .map(Chain::annotation)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static String annotation(Advisor advisor) {
        if (advisor instanceof LatencyGuardedAdvisor) {
            return "@LatencyGuarded";
        }
        String advice = advisor.getAdvice() instanceof AbstractAspectJAdvice aspect
                ? aspect.getAspectName()
                : advisor.getClass().getSimpleName()
                        + advisor.getAdvice().getClass().getSimpleName();
        String name = advice.toLowerCase(Locale.ROOT);
        if (name.contains("async")) {
            return "@Async";
        }
        if (name.contains("retryaspect")) {
            return "@Retry";
        }
        if (name.contains("circuitbreaker")) {
            return "@CircuitBreaker";
        }
        if (name.contains("retry")) {
            return "@Retryable";
        }
        if (name.contains("cache")) {
            return "@Cacheable";
        }
        return name.contains("transaction") ? "@Transactional" : "";
    }
}
