// Asks libmodsecurity what its transformations do. It reads lines
//
//	TRANSFORMATION HEX
//
// and writes the same with the answer behind, in hexadecimal, for
// corpus/transform's facts. Build and run it by hand:
//
//	c++ -o /tmp/ask libmodsecurity.cc -lmodsecurity && /tmp/ask < questions
#include <modsecurity/modsecurity.h>
#include <modsecurity/rules_set.h>
#include <modsecurity/rule_message.h>
#include <modsecurity/transaction.h>

#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>

static std::string answer;
static bool answered;

static void logged(void *, const void *message) {
    const auto *m = static_cast<const modsecurity::RuleMessage *>(message);
    answer = m->m_data;
    answered = true;
}

static std::string bytes(const std::string &hex) {
    std::string out;
    for (size_t i = 0; i + 1 < hex.size(); i += 2) {
        out.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    }
    return out;
}

int main() {
    modsecurity::ModSecurity host;
    host.setServerLogCb(logged, modsecurity::RuleMessageLogProperty);
    std::map<std::string, std::unique_ptr<modsecurity::RulesSet>> rules;
    std::string line;
    while (std::getline(std::cin, line)) {
        std::istringstream in(line);
        std::string name, hex;
        in >> name >> hex;
        auto &set = rules[name];
        if (!set) {
            set.reset(new modsecurity::RulesSet());
            std::string text = "SecRuleEngine On\n"
                "SecRule REQUEST_HEADERS:x \"@unconditionalMatch\" \"id:1,phase:1,pass,log,t:none,t:" + name +
                ",t:hexEncode,logdata:'%{MATCHED_VAR}'\"\n";
            if (set->load(text.c_str()) < 0) {
                std::cerr << name << ": " << set->m_parserError.str() << "\n";
            }
        }
        modsecurity::Transaction t(&host, set.get(), nullptr);
        std::string value = bytes(hex);
        t.processConnection("127.0.0.1", 1, "127.0.0.1", 80);
        t.processURI("/", "GET", "1.1");
        t.addRequestHeader(reinterpret_cast<const unsigned char *>("x"), 1,
            reinterpret_cast<const unsigned char *>(value.data()), value.size());
        answered = false;
        t.processRequestHeaders();
        std::cout << name << " " << (hex.empty() ? "-" : hex) << " " << (answered ? "=" + answer : "?") << "\n";
    }
}
