// Playbooks and the image catalogue: YAML that comes with the program, or that an operator adds.
#pragma once
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "load/reader.hpp"
#include "model/playbook.hpp"

namespace cctl {

// One playbook file: its tree, and what must be known of it before its version is.
struct PlaybookSource {
  std::string component, part_of, version_key, image;
  bool has_image = true;  // settings of a host have none, and no version
  bool shipped = true;    // from the data directory, not an operator's own
  Tree tree;
  std::vector<std::string> directories;  // where its templates are looked for
  std::vector<std::string> provides;     // roles
  TagMarks tag_marks;                    // of the templates in its own file
};

std::map<std::string, PlaybookSource> read_playbook_sources(const std::vector<std::string>& directories,
                                                            Mistakes& mistakes);

// Whether the playbook runs an image, and so has a version.
bool has_image(const Tree& playbook);

// With the overlays that hold for `version`. Overlays that do not hold are read, too, for their mistakes.
// `words`: where the words of its schema are noted.
Playbook resolve_playbook(const PlaybookSource& source, const std::string& version, Mistakes& mistakes,
                          SchemaWords* words = nullptr);

// Names of other playbooks, of roles, of ports and values of others: in needs, after, part_of, except, app, only_with
// and all_listed.
void check_playbooks(const std::map<std::string, PlaybookSource>& sources,
                     const std::map<std::string, Playbook>& playbooks, Mistakes& mistakes);

Catalogue read_catalogue(const std::string& path, Mistakes& mistakes);

// Readers of parts of a playbook.
void read_probes(const Tree& tree, const Reader& r, const std::map<std::string, int>& ports,
                 std::vector<PlaybookProbe>& out);
// `values` are the names that probes extract.
void read_health(const Tree& tree, const Reader& r, const std::vector<std::string>& values, std::vector<Verdict>& out);
void read_leader(const Tree& tree, const Reader& r, const std::vector<std::string>& values, LeaderRule& out);
void read_exports(const Tree& tree, const Reader& r, std::map<std::string, Export>& out);
void read_flag_maps(const Tree& tree, const Reader& r, std::map<std::string, FlagMap>& out);
// A map from flag to the versions that have it, or a list when all have.
void read_known_flags(const Tree& tree, const Reader& r, std::map<std::string, std::string>& out);
void read_flag_style(const Tree& tree, const Reader& r, FlagStyle& style);
void read_files(const Tree& tree, const Reader& r, const PlaybookSource& source, Playbook& out);
// Into the content of the file; `places` is told where the tags of the template stand.
void read_template(const Tree& tree, const Reader& r, const PlaybookSource& source, PlaybookFile& file,
                   TagMarks& places);
void read_registers(const Tree& tree, const Reader& r, const std::map<std::string, int>& ports,
                    std::vector<Registration>& out);
void read_transitions(const Tree& tree, const Reader& r, std::vector<Transition>& out);
void read_directories(const Tree& tree, const Reader& r, std::vector<PlaybookDirectory>& out);
void read_kept_flags(const Tree& tree, const Reader& r, KeptFlags& kept);
void read_member_id(const Tree& tree, const Reader& r, MemberIds& id);
void read_member_data(const Tree& tree, const Reader& r, MemberData& data);
void read_member_list(const Tree& tree, const Reader& r, MemberList& list);
void read_tasks(const Tree& tree, const Reader& r, GuestTasks& tasks);
// "31000-32000", or {usual: 31000-32000, flag: resources}.
void read_task_ports(const Tree& tree, const Reader& r, Playbook& out);
// What flags and variables may be, kept among the kinds of vars under flag_kind_of (model/flag_variable.hpp).
void read_flag_kinds(const Tree& tree, const Reader& r, std::map<std::string, std::string>& out);
// Words that are kept among the kinds of vars (model/kept_words.hpp): a map of texts, or a list of names.
void read_kept(const Tree& tree, const Reader& r, const std::string& word, std::map<std::string, std::string>& out);
void read_setting_kinds(const Tree& tree, const Reader& r, SettingKinds& out);

// A name of `ports`.
Read port_name(const Reader& r, const std::map<std::string, int>& ports, std::string& out);

// "60s", "500ms" or "2m".
Read duration(const Reader& r, std::chrono::milliseconds& out);

}  // namespace cctl
