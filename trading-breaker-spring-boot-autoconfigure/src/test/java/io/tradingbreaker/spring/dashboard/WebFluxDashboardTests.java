package io.tradingbreaker.spring.dashboard;

class WebFluxDashboardTests extends AbstractDashboardTests {

    WebFluxDashboardTests() {
        super("reactive");
    }
}
