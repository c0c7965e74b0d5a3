"""The names of people, agencies, papers and places that bylines are made of, and the test for a person's name; pure."""

import re
from unicodedata import normalize

MAX_NAME_CHARS = 40

# Agencies by the name given out, with the spellings of lines in lower case. A typing slip ("TXVN") is no spelling.
AGENCIES: dict[str, tuple[str, ...]] = {
    "TTXVN": ("ttxvn", "thông tấn xã việt nam", "thông tấn xã", "vna"),
    "Vnews": ("vnews",),
    "BNEWS": ("bnews",),
    "Vietnam+": ("vietnam+", "vietnamplus"),
    "AFP": ("afp", "agence france-presse"),
    "Reuters": ("reuters", "thomson reuters"),
    "AP": ("ap", "associated press"),
    "Tân Hoa Xã": ("tân hoa xã", "thx"),
    "Xinhua": ("xinhua",),
    "Yonhap": ("yonhap",),
    "Kyodo": ("kyodo", "kyodo news"),
    "TASS": ("tass", "itar-tass"),
    "RIA Novosti": ("ria novosti", "ria"),
    "Sputnik": ("sputnik",),
    "Interfax": ("interfax",),
    "Bloomberg": ("bloomberg",),
    "dpa": ("dpa",),
    "EFE": ("efe",),
    "ANSA": ("ansa",),
    "Anadolu": ("anadolu",),
    "Antara": ("antara",),
    "Bernama": ("bernama",),
    "PTI": ("pti",),
    "UPI": ("upi",),
    "KCNA": ("kcna",),
    "Prensa Latina": ("prensa latina",),
    "KPL": ("kpl",),
    "AKP": ("akp",),
}
AGENCY_OF = {spelling: name for name, spellings in AGENCIES.items() for spelling in spellings}
OWN_MARK = "Vietnam+"  # VietnamPlus signs its reporters so: an agency only where nothing else is named


def list_words(text: str) -> frozenset[str]:
    """The entries of a table, one or more spaces or line breaks between them, "_" for a space within one."""
    return frozenset(entry.replace("_", " ") for entry in text.split())


# Papers and broadcasters, and sections, whose name has the shape of a person's.
PAPERS = list_words(
    """bóng_đá công_lý công_thương dân_sinh dân_trí dân_việt doanh_nhân đất_việt đầu_tư đời_sống gia_đình giao_thông
    hà_nội_mới khám_phá kiến_thức lao_động ngày_nay ngôi_sao người_đưa_tin người_lao_động nhân_dân pháp_luật phụ_nữ
    quân_đội_nhân_dân sài_gòn sài_gòn_giải_phóng thanh_niên tiền_phong tri_thức tri_thức_trẻ tuổi_trẻ văn_hóa
    bbc cctv cna cnbc cnn htv nlđo plo qđnd rfi rt skđs sggp thvl tpo tto tvn vnn voh vov vtc vtv zing znews"""
)
# Compounds and abbreviations of other meaning that are made of name syllables.
NO_NAMES = list_words(
    """an_ninh an_sinh an_toàn bảo_hiểm chính_trị công_an công_dân công_nhân công_đoàn hiện_đại hòa_bình hạnh_phúc
    hải_quân long_trọng nam_nữ nhân_sự nhân_văn nhân_ái nhân_đạo phong_thủy quang_cảnh quân_sự thanh_toán
    thành_công thành_tích thành_tựu thành_viên thông_minh thương_mại thị_trường toàn_quốc trung_thành trung_ương
    trường_sơn tuyên_dương tài_chính tài_sản tâm_linh tâm_sự vinh_danh việt_kiều đô_thị
    chủ_nhật thứ_hai thứ_năm thứ_sáu
    ai ceo cpi eu fdi fifa gdp gs hiv hlv ict kcn lhq ls oda ok pgs pr sos thcs thpt ths ts tv ubnd uefa usd var vff
    vip vnd vđv who wto"""
)
# Vietnam's provinces before and after July 2025, its regions and best known towns, and the countries and cities that
# Vietnamese papers write in syllables.
PLACES = list_words(
    """an_giang bà_rịa bạc_liêu bắc_cạn bắc_kạn bắc_giang bắc_ninh bến_tre bình_dương bình_định bình_phước bình_thuận
    cà_mau cao_bằng cần_thơ đà_nẵng đắk_lắk đắc_lắc đăk_lăk đắk_nông điện_biên đồng_nai đồng_tháp gia_lai hà_giang
    hà_nam hà_nội hà_tĩnh hải_dương hải_phòng hậu_giang hòa_bình hoà_bình huế hưng_yên khánh_hòa khánh_hoà kiên_giang
    kon_tum lai_châu lạng_sơn lào_cai lâm_đồng long_an nam_định nghệ_an ninh_bình ninh_thuận phú_thọ phú_yên quảng_bình
    quảng_nam quảng_ngãi quảng_ninh quảng_trị sóc_trăng sơn_la tây_ninh thái_bình thái_nguyên thanh_hóa thanh_hoá
    thừa_thiên thừa_thiên_huế tiền_giang trà_vinh tuyên_quang vĩnh_long vĩnh_phúc yên_bái vũng_tàu sài_gòn đà_lạt
    nha_trang hội_an phú_quốc côn_đảo trường_sa hoàng_sa nam_bộ bắc_bộ trung_bộ tây_nguyên tây_bắc đông_bắc đông_nam_bộ
    miền_bắc miền_nam miền_trung miền_tây biển_đông việt_nam thủ_đức gò_vấp bình_thạnh tân_bình hà_đông cầu_giấy
    châu_á châu_âu châu_phi châu_mỹ đông_nam_á trung_đông trung_quốc hàn_quốc triều_tiên nhật_bản thái_lan ấn_độ
    hoa_kỳ anh_quốc đài_loan hồng_kông hồng_công bắc_kinh thượng_hải mông_cổ tây_ban_nha bồ_đào_nha hà_lan thụy_sĩ
    thụy_điển na_uy phần_lan đan_mạch ba_lan hy_lạp thổ_nhĩ_kỳ mỹ nga anh_mỹ úc đức pháp lào campuchia"""
)
# The commonest surnames, in the order of the usual statistics (the first 14 are borne by nine of ten Vietnamese), then
# rarer ones and those of the Thái, Tày, Mông and Chăm. Hand-made, from general knowledge.
SURNAMES = list_words(
    """nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đinh đoàn lâm mai trịnh trương cao
    châu chu đàm doãn đồng giang hà hứa kiều la lại lã lò lục lương lưu mạc ma nghiêm ninh nông ông phùng phó quách tạ
    tăng thái thạch thân tô tôn tống triệu trang từ ung vi viên vừ vương văn xa âu bạch bành bế cù cầm chử chế đậu điêu
    đới giàng giáp hàn hầu kha khổng khúc khuất lầu lường mã mùa nhữ phí quan quản quàng sầm sùng tòng thào"""
)
# What given names and pen names are made of. Hand-made: the middle and given names one meets in any class list.
GIVEN_SYLLABLES = list_words(
    """a ái an anh ánh ân bá bách bái bảo băng bắc bích bình bút cẩm cẩn cần cảnh cát chánh chi chí chiến chiểu chinh
    chính chung chương công cơ cúc cương cường danh dân diễm diên diệp diệu dịu doan doanh du dung dũng duy duyên dư
    đại đạm đan đảm đạo đạt đăng đắc đằng đệ điền điệp điệu định đình đoan đô đôn đông đức gấm gia giao hai hải hạ
    hân hằng hạnh hảo hạo hậu hiên hiền hiến hiển hiệp hiếu hinh hoa hòa hoà hoài hoan hoạt hoằng hồng hợi hội hợp huân
    huấn huệ hùng huy huyên huyền hưng hương hướng hường hữu kha khả khải khang khanh khánh khắc khiêm khiết khoa khoát
    khôi khởi khuê khương kiểm kiên kiệm kiệt kim kính kỳ kỷ lai lam lan lãm lân lập lành lạc lệ liêm liên liễu linh
    loan lộc lợi long luân luận luật lụa luyến ly mạnh mẫn mận mậu miên minh mơ mộng mùi mười my mỹ na nam năm năng
    ngân nga nghi nghĩa nghị nghiệp ngoan ngọc ngoạn nguyên nguyện nguyệt nhã nhàn nhân nhâm nhạn nhất nhật nhi nhiên
    nhị nho nhơn nhu nhung như nhựt ninh nương nữ oanh phát phi phong phú phúc phụng phước phương phượng quang quân quế
    quốc quý quyên quyền quyết quỳnh sa sang sáng san sáu sâm sen sĩ sinh song sơn sửu sương sự tâm tân tấn tài tánh
    tây thái tham thảo thanh thành thạo thạnh thắm thắng thăng thao thế thi thìn thiên thiện thiết thiều thinh thịnh
    thị thoa thọ thoại thông thơ thơm thu thuần thuận thục thùy thuỳ thúy thuý thủy thuỷ thụy thuyên thuyết thư thương
    thường thức tiên tiến tiệp tình tín tính tịnh toan toàn toản toán tôn trà trạch trang trâm trân tri trí trị triết
    triển triều trinh trọng trúc trung trực trường trưởng tú tuân tuấn tuất tuệ túc tùng tuy tuyên tuyến tuyền tuyết
    tùy tường tưởng tứ tước tỵ uy uyên uyển ước vân vẹn vi viết việt vĩ viễn vịnh vinh vĩnh vũ vui vững vượng vượt vy
    xuân xuyên xuyến ý yên yến"""
)
# Lines that name no one and are bylines all the same.
NO_ONE = list_words("pv p.v ctv bbt ban_biên_tập nhóm_pv nhóm_phóng_viên tổng_hợp pv_tổng_hợp th t.h t/h")
# Syllables no name holds: what headings, sections and offices are made of.
_OFFICE_SYLLABLES = list_words(
    """báo bài bạn bản bộ bóng các cấp chuyên chống cho có con của cuộc cùng cục dự dục đá đài đảng đang đất đề đến để
    điểm đọc đội đời đường được giá giải giáo giới hành hình hỏi học huyện khỏe khoẻ không khu kinh kết lịch mới mạng
    nghệ nghe ngày nghề nhà nhiều những nóng nước người ở phần pháp phòng phố phường quận quả sách sao sở số sống tạp
    tế thể theo thôn thống thời thuật tiêu tin tỉnh tòa toà trẻ trong truyền và vàng vấn về viện với vụ xã xây xem xe"""
)
_NO_PERSONS = PLACES | PAPERS | NO_NAMES | AGENCY_OF.keys()
INITIALS = re.compile(r"(?:[^\W\d_]\.\s?){1,3}[^\W\d_]{1,8}\.?|[^\W\d_]{2,4}")


def is_person_name(text: str) -> bool:
    """True when a text has the shape of one Vietnamese name, pen name or initials; a guess from its syllables alone.

    Two to five syllables, each with a capital: half of them have to be name syllables; all of them when the whole text
    is in capitals, as headings are. Initials: "H.Y.T.", "P.Hà", "TP". Places, papers and sections are no persons, and a
    foreign name ("John Smith") is not known for one.

    >>> is_person_name("VĂN TOẢN"), is_person_name("PHÁT HUY TRUYỀN THỐNG"), is_person_name("Đà Nẵng")
    (True, False, False)
    """
    name = normalize("NFC", text[:MAX_NAME_CHARS]).strip()
    lower = name.lower()
    words = lower.split()
    if not words or len(text) > MAX_NAME_CHARS or lower in _NO_PERSONS or not name[0].isupper():
        return False
    if len(words) <= 2 and INITIALS.fullmatch(name) and ("." in name or name.isupper()):
        return True
    if not 2 <= len(words) <= 5 or not all(map(str.isalpha, words)) or not _OFFICE_SYLLABLES.isdisjoint(words):
        return False
    num_known = sum(word in SURNAMES or word in GIVEN_SYLLABLES for word in words)
    return num_known == len(words) if name.isupper() else name.istitle() and 2 * num_known >= len(words)
